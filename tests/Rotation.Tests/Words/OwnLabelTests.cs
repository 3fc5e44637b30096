using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Words;

public sealed class OwnLabelTests
{
    [Theory]
    [InlineData("rotunda-orders-db-7-a1b2c3", true)]
    [InlineData("rotunda-orders-db-7-a1b2c3-g2", true)]
    [InlineData("rotunda-orders-db-7", false)]
    [InlineData("rotunda-orders-db-7-000000", false)]
    [InlineData("rotunda-orders-db-x-a1b2c3", false)]
    [InlineData("rotunda-orders-db-7-a1b2c3-gx", false)]
    [InlineData("rotunda-orders-db-7-a1b2c3-g2-more", false)]
    [InlineData("rotunda-orders-7-a1b2c3", false)]
    [InlineData("rotunda-orders-db-2-7-a1b2c3", false)]
    public void Only_this_secret_s_own_label_is_its_own(string label, bool own) =>
        Assert.Equal(own, OwnLabel.Is("orders-db", "a1b2c3d4e5", label));

    [Fact]
    public void What_is_given_is_recognized() => Assert.All(
        new[] { OwnLabel.Of("rotunda-a-1", "abc", 1), OwnLabel.Of("rotunda-a-1", "abc", 3) },
        label => Assert.True(OwnLabel.Is("a", "abc", label)));
}
