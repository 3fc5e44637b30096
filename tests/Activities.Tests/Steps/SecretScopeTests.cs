using System.Buffers.Text;
using System.Text;
using Rotunda.Providers.References;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

public sealed class SecretScopeTests
{
    private const string Plain = "p@ss/w+rd \"é\" 1234567890";

    public static TheoryData<string> Forms()
    {
        var bytes = Encoding.UTF8.GetBytes(Plain);
        return
        [
            Plain, Convert.ToBase64String(bytes), Base64Url.EncodeToString(bytes), Convert.ToHexString(bytes),
            Convert.ToHexStringLower(bytes), Uri.EscapeDataString(Plain),
        ];
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_value_is_taken_out_in_every_form(string form)
    {
        var scope = new SecretScope();
        using var value = scope.Register(SecretValue.FromText(Plain));
        Assert.Equal("before *** after", scope.Redact($"before {form} after"));
        var outcome = scope.Redact(StepOutcome.Unknown(form) with { Facts = new Dictionary<string, string> { ["x"] = form } });
        Assert.Equal("***", outcome.Reason);
        Assert.Equal("***", outcome.Facts!["x"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u:")]
    [InlineData("us:")]
    [InlineData("user:")]
    public void A_value_inside_of_other_base64_is_taken_out(string before)
    {
        var scope = new SecretScope();
        using var value = scope.Register(SecretValue.FromText(Plain));
        var text = scope.Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Plain + "tail")));
        Assert.Contains("***", text);
        Assert.True(text.Length < before.Length + 25);
    }
}
