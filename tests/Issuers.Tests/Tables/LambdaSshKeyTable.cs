using System.Security.Cryptography;
using Rotunda.Providers.Ssh;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://docs.lambda.ai/api/cloud#addSSHKey</summary>
internal sealed class LambdaSshKeyTable() : VendorTable("lambda-ssh-key")
{
    private static readonly string[] Pairs = [.. Enumerable.Range(0, 4).Select(_ => NewPair())];

    /// <summary>Pairs take long to make: a few are used again and again.</summary>
    protected override string NewValue(int number) => Pairs[number % Pairs.Length];

    protected override FakeReply Refused => Json(401, new { error = new { code = "global/invalid-api-key", message = "invalid" } });

    protected override FakeReply NotFound => Json(404, new { error = new { code = "global/object-does-not-exist", message = "none" } });

    protected override void Draw()
    {
        On("POST /ssh-keys", request =>
        {
            var body = request.Json("name");
            request.Require(((string)body["name"]!).Length <= 64, "the name is too long");
            var key = Make(request, body, "name");
            return Json(200, new { data = new { id = key.Id, name = key.Name, public_key = Public(key), private_key = key.Value } });
        });
        On("GET /ssh-keys", _ =>
            Json(200, new { data = Keys.Select(key => new { id = key.Id, name = key.Name, public_key = Public(key) }) }));
        On("DELETE /ssh-keys/{id}", request => Remove(request.Part("id"), Json(200, new { data = new { } })));
    }

    private static string Public(FakeKey key)
    {
        using var value = SecretValue.FromText(key.Value);
        return OpenSshKey.PublicOf(value) is { } half ? $"{half.Type} {half.Blob} {key.Name}" : "";
    }

    private static string NewPair()
    {
        using var pair = RSA.Create(2048);
        return pair.ExportRSAPrivateKeyPem() + "\n";
    }
}
