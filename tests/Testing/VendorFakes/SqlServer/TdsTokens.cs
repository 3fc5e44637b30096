using System.Buffers.Binary;
using System.Text;

namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>Writes what a server answers, token by token (MS-TDS 2.2.7).</summary>
internal sealed class TdsTokens : IDisposable
{
    private const byte NVarChar = 0xE7;
    private const byte Integer = 0x26;
    private const ushort MostBytes = 8000;

    /// <summary>SQL_Latin1_General_CP1_CI_AS.</summary>
    private static readonly byte[] s_collation = [0x09, 0x04, 0xD0, 0x00, 0x34];
    private readonly MemoryStream _all = new();

    public byte[] ToArray() => _all.ToArray();

    public void Dispose() => _all.Dispose();

    public TdsTokens LoggedIn(byte[] version, string database, int packet)
    {
        Changed(1, ShortText(database), ShortText("master"));
        Changed(7, [(byte)s_collation.Length, .. s_collation], [0]);
        var told = new MemoryStream();
        told.WriteByte(1);
        // A client says its version with the lowest byte first, a server with the highest.
        told.Write([.. version.Reverse()]);
        told.Write(ShortText("Microsoft SQL Server"));
        told.Write([16, 0, 0x0F, 0xA0]);
        Sized(0xAD, told.ToArray());
        Changed(4, ShortText($"{packet}"), ShortText("4096"));
        return this;
    }

    public TdsTokens Entered(string database, string before)
    {
        Changed(1, ShortText(database), ShortText(before));
        return this;
    }

    public TdsTokens Error(FakeSqlError error)
    {
        var body = new MemoryStream();
        Number(body, error.Number);
        body.Write([1, error.Class]);
        Short(body, (ushort)error.Message.Length);
        body.Write(Encoding.Unicode.GetBytes(error.Message));
        body.Write(ShortText("fake"));
        body.Write(ShortText(""));
        Number(body, 1);
        Sized(0xAA, body.ToArray());
        return this;
    }

    public TdsTokens Rows(IReadOnlyList<object?[]> rows, int columns)
    {
        if (rows.Any(row => row.Length != columns))
        {
            throw new InvalidOperationException("A row with another number of columns than the query has.");
        }

        var numbers = Enumerable.Range(0, columns).Select(i => rows.Any(row => row[i] is int)).ToArray();
        _all.WriteByte(0x81);
        Short(_all, (ushort)columns);
        foreach (var isNumber in numbers)
        {
            Number(_all, 0);
            Short(_all, 0x0009);
            if (isNumber)
            {
                _all.Write([Integer, 4]);
            }
            else
            {
                _all.WriteByte(NVarChar);
                Short(_all, MostBytes);
                _all.Write(s_collation);
            }

            _all.Write(ShortText(""));
        }

        foreach (var row in rows)
        {
            _all.WriteByte(0xD1);
            for (var i = 0; i < columns; i++)
            {
                Value(row[i], numbers[i]);
            }
        }

        return this;
    }

    /// <param name="isCall">The end of a call, and no batch's.</param>
    /// <param name="rows">How many; null if it is no matter of rows.</param>
    public TdsTokens Done(bool isCall, bool failed, int? rows)
    {
        if (isCall)
        {
            // The statement's own end, and what the procedure gives back.
            End(0xFF, (ushort)(1 | (failed ? 2 : 0) | (rows is null ? 0 : 0x10)), rows ?? 0);
            _all.WriteByte(0x79);
            Number(_all, failed ? 1 : 0);
            End(0xFE, (ushort)(failed ? 2 : 0), 0);
        }
        else
        {
            End(0xFD, (ushort)((failed ? 2 : 0) | (rows is null ? 0 : 0x10)), rows ?? 0);
        }

        return this;
    }

    /// <summary>The answer to a client that called off what it asked.</summary>
    public TdsTokens CalledOff()
    {
        End(0xFD, 0x20, 0);
        return this;
    }

    private void Value(object? value, bool isNumber)
    {
        switch (value)
        {
            case int number:
                _all.WriteByte(4);
                Number(_all, number);
                break;
            case string text:
                var bytes = Encoding.Unicode.GetBytes(text);
                Short(_all, (ushort)bytes.Length);
                _all.Write(bytes);
                break;
            case null when isNumber:
                _all.WriteByte(0);
                break;
            case null:
                Short(_all, 0xFFFF);
                break;
            default:
                throw new InvalidOperationException($"A value of the type {value.GetType().Name}.");
        }
    }

    private void End(byte token, ushort status, int rows)
    {
        _all.WriteByte(token);
        Short(_all, status);
        Short(_all, (ushort)((status & 0x10) != 0 ? 0xC1 : 0));
        Number(_all, rows);
        Number(_all, 0);
    }

    private void Changed(byte kind, byte[] now, byte[] before) => Sized(0xE3, [kind, .. now, .. before]);

    private void Sized(byte token, byte[] body)
    {
        _all.WriteByte(token);
        Short(_all, (ushort)body.Length);
        _all.Write(body);
    }

    private static byte[] ShortText(string text) => [(byte)text.Length, .. Encoding.Unicode.GetBytes(text)];

    private static void Short(Stream stream, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void Number(Stream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
