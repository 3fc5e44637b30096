using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Words;

public sealed class LabelRuleTests
{
    [Fact]
    public void A_label_that_fits_is_left_as_it_is() =>
        Assert.Equal("rotunda-app-1-a1b2c3", new LabelRule(20).Fit("rotunda-app-1-a1b2c3"));

    [Fact]
    public void A_label_that_is_too_long_is_cut_the_same_way_each_time_and_told_from_its_neighbours()
    {
        var rule = new LabelRule(24);
        string[] labels =
            ["rotunda-a-long-secret-name-1-a1b2c3", "rotunda-a-long-secret-name-1-a1b2c3-g2", "rotunda-a-long-secret-name-2-a1b2c3"];

        Assert.All(labels, label => Assert.Equal(24, rule.Fit(label).Length));
        Assert.Equal(3, labels.Select(rule.Fit).Distinct().Count());
        Assert.All(labels, label => Assert.True(rule.IsOf(label, rule.Fit(label)) && rule.IsOf(label, label)));
        Assert.False(rule.IsOf(labels[0], rule.Fit(labels[1])));
        Assert.False(rule.IsOf(labels[0], null));
    }

    [Fact]
    public void A_hyphen_becomes_what_the_system_takes() =>
        Assert.Equal("rotunda_app_1", new LabelRule(Dash: '_').Fit("rotunda-app-1"));
}
