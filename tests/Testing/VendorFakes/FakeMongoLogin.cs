using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson;

namespace Rotunda.Testing.VendorFakes;

/// <summary>The server's half of one SCRAM-SHA-256 login (RFC 7677), as MongoDB wraps it.</summary>
internal sealed class FakeMongoLogin(Func<string, string?> passwordOf)
{
    public const string Mechanism = "SCRAM-SHA-256";
    private const int Rounds = 4096;
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(28);
    private string _first = "";
    private string _challenge = "";
    private string _nonce = "";
    private string? _password;

    public string User { get; private set; } = "";

    public bool IsDone { get; private set; }

    public static BsonDocument Refusal(int code, string name, string message) =>
        new() { { "ok", 0 }, { "errmsg", message }, { "code", code }, { "codeName", name } };

    public BsonDocument Start(BsonDocument command)
    {
        Require(command["mechanism"] == Mechanism, "another mechanism");
        Require(command.GetValue("db", command.GetValue("$db", "")) == "admin", "another database");
        var first = Text(command["payload"]);
        Require(first.StartsWith("n,,n=", StringComparison.Ordinal), "no first message");
        _first = first["n,,".Length..];
        User = Field(_first, 'n').Replace("=2C", ",").Replace("=3D", "=");
        _password = passwordOf(User);
        _nonce = Field(_first, 'r') + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        _challenge = $"r={_nonce},s={Convert.ToBase64String(_salt)},i={Rounds}";
        return _password is null ? Refused : Told(_challenge, done: false);
    }

    public BsonDocument Continue(BsonDocument command)
    {
        var last = Text(command["payload"]);
        var withoutProof = last[..last.LastIndexOf(",p=", StringComparison.Ordinal)];
        Require(Field(last, 'c') == "biws" && Field(last, 'r') == _nonce, "another nonce or channel");
        var salted = Rfc2898DeriveBytes.Pbkdf2(_password ?? "", _salt, Rounds, HashAlgorithmName.SHA256, 32);
        var signed = Encoding.UTF8.GetBytes($"{_first},{_challenge},{withoutProof}");
        var stored = SHA256.HashData(Keyed(salted, "Client Key"));
        var key = HMACSHA256.HashData(stored, signed).Zip(Convert.FromBase64String(Field(last, 'p')), (a, b) => (byte)(a ^ b)).ToArray();
        if (_password is null || !SHA256.HashData(key).SequenceEqual(stored))
        {
            return Refused;
        }

        IsDone = true;
        return Told($"v={Convert.ToBase64String(HMACSHA256.HashData(Keyed(salted, "Server Key"), signed))}", done: true);
    }

    /// <summary>As Atlas says it.</summary>
    private static BsonDocument Refused => Refusal(8000, "AtlasError", "bad auth : authentication failed");

    private static BsonDocument Told(string payload, bool done) => new()
    {
        { "conversationId", 1 },
        { "done", done },
        { "payload", new BsonBinaryData(Encoding.UTF8.GetBytes(payload)) },
        { "ok", 1 },
    };

    private static byte[] Keyed(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Text(BsonValue payload) => Encoding.UTF8.GetString(payload.AsByteArray);

    private static string Field(string message, char name) =>
        message.Split(',').FirstOrDefault(part => part.StartsWith($"{name}=", StringComparison.Ordinal))?[2..]
        ?? throw new FakeVendorException($"A login's message without '{name}'.");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FakeVendorException($"A login with {otherwise}.");
        }
    }
}
