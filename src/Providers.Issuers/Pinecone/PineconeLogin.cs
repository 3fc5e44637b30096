using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Pinecone;

/// <summary>A service account's id and secret for a token.</summary>
internal static class PineconeLogin
{
    public static IReadOnlyList<(string Name, string Value)> Headers { get; } =
        [("Accept", "application/json"), ("X-Pinecone-Api-Version", "2026-04")];

    /// <summary>Rotunda's own.</summary>
    public static VendorAuth Own { get; } = VendorAuth.Exchanged(async call =>
    {
        using var secret = await call.SecretAsync(PineconeDescriptor.ClientSecret);
        return (await call.AskAsync(Path(call), Body(call.Text(PineconeDescriptor.ClientId), secret))).Secret("access_token");
    });

    public static VendorPath Path(VendorCall call) =>
        call.Elsewhere(PineconeDescriptor.LoginUrl, PineconeDescriptor.LoginAddress, $"oauth/token");

    public static JsonObject Body(string client, SecretValue secret) => new()
    {
        ["client_id"] = client,
        ["client_secret"] = secret.RevealText(),
        ["grant_type"] = "client_credentials",
        ["audience"] = "https://api.pinecone.io/",
    };
}
