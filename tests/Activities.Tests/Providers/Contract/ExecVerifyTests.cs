using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.Contract;

/// <summary>What a program of one's own says of a value.</summary>
public sealed class ExecVerifyTests
{
    [Theory]
    [InlineData("valid", Validity.Valid, false)]
    [InlineData("invalid", Validity.Invalid, false)]
    [InlineData("lacks-rights", Validity.Invalid, true)]
    [InlineData("cannot-tell", Validity.CannotTell, false)]
    public async Task Each_word_has_its_meaning(string word, Validity validity, bool authenticates)
    {
        await using var environment = new ExecEnvironment();
        var answer = "{\"contract\":1,\"outcome\":\"done\",\"validity\":\"" + word + "\",\"detail\":\"looked\"}";
        var settings = environment.With(new JsonObject { ["program"] = environment.Script($"cat >/dev/null; printf '%s' '{answer}'") });
        using var value = SecretValue.FromText("a value to verify");
        var found = await ((IVerifyCredentials)environment.Provider).VerifyAsync(
            environment.Call(settings: settings),
            environment.Credential,
            value,
            TestContext.Current.CancellationToken);
        Assert.Equal((validity, authenticates, "looked"), (found.Validity, found.Authenticates, found.Detail));
    }
}
