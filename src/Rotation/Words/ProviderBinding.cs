using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>A provider's id and settings, as in the catalog. Settings marked secret hold references.</summary>
public sealed record ProviderBinding
{
    private static readonly JsonWriterOptions s_short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was taken out last, as rules ask for one setting after the other.</summary>
    [ThreadStatic]
    private static (byte[]? From, JsonObject? Settings) t_last;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Text, Utf8JsonWriter Writer)? t_writer;

    private readonly JsonObject? _settings;

    /// <summary>The settings in short; null where they are held as they are.</summary>
    private readonly byte[]? _short;

    [JsonConstructor]
    public ProviderBinding(string type, JsonObject settings) => (Type, _settings) = (type, settings);

    private ProviderBinding(string type, byte[] inShort) => (Type, _short) = (type, inShort);

    public string Type { get; }

    /// <summary>Of the same type with the same settings in short.</summary>
    internal static IEqualityComparer<ProviderBinding> Alike { get; } = EqualityComparer<ProviderBinding>.Create(
        (one, other) => one?.Type == other?.Type && one?._short is { } text && text.AsSpan().SequenceEqual(other?._short),
        binding =>
        {
            var hash = default(HashCode);
            hash.Add(binding.Type, StringComparer.Ordinal);
            hash.AddBytes(binding._short);
            return hash.ToHashCode();
        });

    /// <summary>To read only: what is written into it may be lost.</summary>
    public JsonObject Settings => _settings ?? TakeOut(_short!);

    /// <summary>The same, with its settings held in a fifth of the memory, and made anew for who asks for them: a catalog of very many
    /// secrets lives long, and most of its settings are not asked for.</summary>
    public ProviderBinding InShort()
    {
        if (_settings is null)
        {
            return this;
        }

        var (text, writer) = t_writer ??= NewWriter();
        text.ResetWrittenCount();
        writer.Reset();
        _settings.WriteTo(writer);
        writer.Flush();
        return new ProviderBinding(Type, text.WrittenSpan.ToArray());
    }

    private static (ArrayBufferWriter<byte> Text, Utf8JsonWriter Writer) NewWriter()
    {
        var text = new ArrayBufferWriter<byte>();
        return (text, new Utf8JsonWriter(text, s_short));
    }

    private static JsonObject TakeOut(byte[] inShort)
    {
        if (t_last.From != inShort)
        {
            t_last = (inShort, JsonNode.Parse(inShort)!.AsObject());
        }

        return t_last.Settings!;
    }
}
