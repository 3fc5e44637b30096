using System.Security.Cryptography;
using System.Text;
using Rotunda.Ledger;
using Rotunda.Interpreter;

namespace Rotunda.Api.Desk;

/// <summary>Codes by which somebody acts once: 256 random bits, of which only the hash is kept.</summary>
internal static class OneTimeCode
{
    private const int CodeBytes = 32;

    /// <param name="validFor">It never lives longer than the rotation asks.</param>
    public static (string Code, CodeRecord Kept) Make(
        string kind, RotationRecord rotation, string? person, string by, DateTimeOffset now, TimeSpan validFor)
    {
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(CodeBytes));
        var ends = rotation.Until is { } until && until < now + validFor ? until : now + validFor;
        return (code, new CodeRecord(HashOf(code), kind, rotation.Id, person is null ? null : PersonOf(person), by, now, ends));
    }

    public static string PersonOf(string person) => Actors.PersonOf(person).ToLowerInvariant();

    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
