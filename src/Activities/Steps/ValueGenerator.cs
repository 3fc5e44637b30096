using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Providers.Ssh;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Makes values by a policy's rule, each character or byte uniform and unpredictable.</summary>
public static class ValueGenerator
{
    public const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <exception cref="ArgumentException">The rule cannot make a value (no length, an alphabet of fewer than two characters).</exception>
    public static SecretValue Generate(ValueRule rule) => SecretValue.FromText((rule.Prefix ?? "") + Body(rule));

    private static string Body(ValueRule rule)
    {
        if (rule.Format == ValueFormat.Uuid)
        {
            // Version 4: 122 bits of the same random source.
            var uuid = RandomNumberGenerator.GetBytes(16);
            uuid[6] = (byte)((uuid[6] & 0x0F) | 0x40);
            uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
            return new Guid(uuid, bigEndian: true).ToString("D");
        }

        if (rule.Format == ValueFormat.SshEcdsa)
        {
            return OpenSshKey.NewEcdsa();
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(rule.Length, 1);
        return rule.Format switch
        {
            ValueFormat.Text => Text(rule.Alphabet ?? LettersAndDigits, rule.Length),
            ValueFormat.Hex => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(rule.Length)),
            ValueFormat.Base64 => Convert.ToBase64String(RandomNumberGenerator.GetBytes(rule.Length)),
            ValueFormat.Base64Url => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(rule.Length)),
            ValueFormat.FernetKey => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_'),
            _ => throw new ArgumentException($"Unknown format {rule.Format}."),
        };
    }

    private static string Text(string alphabet, int length)
    {
        // A repeated character would be likelier than the others; characters may be beyond the basic plane.
        var characters = alphabet.EnumerateRunes().Distinct().ToArray();
        if (characters.Length < 2)
        {
            throw new ArgumentException("The alphabet needs at least two different characters.");
        }

        var text = new StringBuilder(length);
        foreach (var character in RandomNumberGenerator.GetItems<Rune>(characters, length))
        {
            text.Append(character);
        }

        return text.ToString();
    }
}
