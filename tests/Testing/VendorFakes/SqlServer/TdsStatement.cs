using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>A statement and its parameters, from a batch or from a call of sp_executesql.</summary>
internal sealed record TdsStatement(string Text, IReadOnlyDictionary<string, string> Parameters)
{
    private const int ExecuteSql = 10;
    private const byte NVarChar = 0xE7;
    private const byte Integer = 0x26;

    public static TdsStatement OfBatch(byte[] body) =>
        new(Encoding.Unicode.GetString(body.AsSpan(Headers(body))), new Dictionary<string, string>());

    public static TdsStatement OfCall(byte[] body)
    {
        var reader = new Reader(body, Headers(body));
        if (reader.Short() != 0xFFFF || reader.Short() != ExecuteSql)
        {
            throw new FakeVendorException("A call of something else than sp_executesql.");
        }

        reader.Short();
        var (text, declared) = (reader.Parameter().Value, reader.Parameter().Value);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!reader.IsDone)
        {
            var (name, value) = reader.Parameter();
            found[name] = value;
        }

        // "@first nvarchar(256),@second nvarchar(256)"
        var names = declared.Split(',').Select(one => one.Trim().Split(' ')[0]);
        return names.Order(StringComparer.Ordinal).SequenceEqual(found.Keys.Order(StringComparer.Ordinal))
            ? new(text, found)
            : throw new FakeVendorException("Parameters that are not those that are declared.");
    }

    private static int Headers(byte[] body) => BinaryPrimitives.ReadInt32LittleEndian(body);

    private sealed class Reader(byte[] body, int from)
    {
        private int _at = from;

        public bool IsDone => _at >= body.Length;

        public int Short()
        {
            _at += 2;
            return BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(_at - 2));
        }

        public (string Name, string Value) Parameter()
        {
            var length = body[_at++] * 2;
            var name = Encoding.Unicode.GetString(body, _at, length);
            _at += length;
            if (body[_at++] != 0)
            {
                throw new FakeVendorException("A parameter that is given back.");
            }

            return (name, body[_at++] switch
            {
                NVarChar => NVarCharValue(),
                Integer => IntegerValue(),
                var kind => throw new FakeVendorException($"A parameter of the type {kind:x}, which this server does not know."),
            });
        }

        private string NVarCharValue()
        {
            var most = Short();

            // The collation.
            _at += 5;
            if (most == 0xFFFF)
            {
                throw new FakeVendorException("A parameter without a longest length.");
            }

            var length = Short();
            if (length > most)
            {
                throw new FakeVendorException("A parameter that is null, or longer than it says.");
            }

            _at += length;
            return Encoding.Unicode.GetString(body, _at - length, length);
        }

        private string IntegerValue()
        {
            if (body[_at++] != 4 || body[_at++] != 4)
            {
                throw new FakeVendorException("A number of another size, or null.");
            }

            _at += 4;
            return BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(_at - 4)).ToString(CultureInfo.InvariantCulture);
        }
    }
}
