using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

[JsonConverter(typeof(JsonStringEnumConverter<ValueFormat>))]
public enum ValueFormat
{
    /// <summary>Characters of <see cref="ValueRule.Alphabet"/>, <see cref="ValueRule.Length"/> of them.</summary>
    [JsonStringEnumMemberName("text")] Text = 0,
    /// <summary><see cref="ValueRule.Length"/> random bytes as lower-case hex.</summary>
    [JsonStringEnumMemberName("hex")] Hex = 1,
    [JsonStringEnumMemberName("base64")] Base64 = 2,
    [JsonStringEnumMemberName("base64url")] Base64Url = 3,
    /// <summary>A random (version 4) UUID; length is not used.</summary>
    [JsonStringEnumMemberName("uuid")] Uuid = 4,
    /// <summary>32 random bytes as base64url with its padding, as Fernet wants its keys; length is not used.</summary>
    [JsonStringEnumMemberName("fernet-key")] FernetKey = 5,
    /// <summary>A new SSH key pair (ECDSA on P-256): the private key in OpenSSH's own form, without a passphrase; length is not
    /// used.</summary>
    [JsonStringEnumMemberName("ssh-ecdsa")] SshEcdsa = 6,
}
