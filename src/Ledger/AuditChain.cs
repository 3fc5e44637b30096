using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Ledger;

/// <summary>
/// The hash of an audit row: SHA-256 over its sequence number and each field as UTF-8 with its length in front (so that no
/// two rows have one encoding; a missing field has the length -1), the hash of the row before among them.
/// </summary>
internal static class AuditChain
{
    /// <summary>What stands before the first row.</summary>
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    public static string HashOf(AuditRow row, string at)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(number, row.Sequence);
        hash.AppendData(number);
        foreach (var field in (ReadOnlySpan<string?>)
        [
            at, row.Actor, row.Action, row.Secret, row.RotationId, row.StepId, row.Detail, row.PreviousHash,
        ])
        {
            Append(hash, field);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string? field)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
        BinaryPrimitives.WriteInt32BigEndian(length, field is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}

/// <summary>The newest row: what the next one follows.</summary>
internal sealed record ChainHead(long Sequence, string Hash);
