using System.Text;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers;

public sealed class ScramVerifierTests
{
    [Fact]
    public void Is_what_the_exchange_of_RFC_7677_rests_on()
    {
        // The RFC gives an exchange, not the verifier: recompute its client proof and server signature from the verifier's keys.
        var verifier = ScramVerifier.Of("pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
        var keys = verifier.Split('$')[2].Split(':');
        var storedKey = Convert.FromBase64String(keys[0]);
        var serverKey = Convert.FromBase64String(keys[1]);
        const string nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        var message =
            Encoding.ASCII.GetBytes($"n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={nonce}");

        Assert.StartsWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$", verifier);
        Assert.Equal(
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
            Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(serverKey, message)));
        var clientSignature = System.Security.Cryptography.HMACSHA256.HashData(storedKey, message);
        var clientKey = Convert.FromBase64String("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=").Zip(
            clientSignature,
            (proof, signature) => (byte)(proof ^ signature)).ToArray();
        Assert.Equal(storedKey, System.Security.Cryptography.SHA256.HashData(clientKey));
    }

    [Fact]
    public void Two_of_one_password_differ_by_their_salt()
    {
        using var value = SecretValue.FromText("pencil");
        Assert.NotEqual(ScramVerifier.Of(value), ScramVerifier.Of(value));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("pässword", false)]
    [InlineData("tab\there", false)]
    [InlineData("line\nbreak", false)]
    [InlineData("all of !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", true)]
    public void Takes_printable_ASCII_only(string text, bool takes)
    {
        using var value = SecretValue.FromText(text);
        Assert.Equal(takes, ScramVerifier.Takes(value, out _));
    }
}
