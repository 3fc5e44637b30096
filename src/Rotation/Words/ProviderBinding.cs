using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Words;

/// <summary>A provider's id and settings, as in the catalog. Settings marked secret hold references.</summary>
public sealed record ProviderBinding
{
    private static readonly JsonWriterOptions s_short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was taken out last, as rules ask for one setting after the other.</summary>
    [ThreadStatic]
    private static (ProviderBinding? From, JsonObject? Settings) t_last;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Text, Utf8JsonWriter Writer)? t_writer;

    private readonly JsonObject? _settings;

    /// <summary>The settings in short, unless they are held as they are.</summary>
    private readonly LikeText _short;

    [JsonConstructor]
    public ProviderBinding(string type, JsonObject settings) => (Type, _settings) = (type, settings);

    private ProviderBinding(string type, LikeText inShort) => (Type, _short) = (type, inShort);

    public string Type { get; }

    /// <summary>Of the same type with the same settings in short.</summary>
    internal static IEqualityComparer<ProviderBinding> Alike { get; } = EqualityComparer<ProviderBinding>.Create(
        (one, other) => one is { _settings: null } && other is { _settings: null } && one.Type == other.Type
            && one._short.Equals(other._short),
        binding => HashCode.Combine(StringComparer.Ordinal.GetHashCode(binding.Type), binding._short));

    /// <summary>To read only: what is written into it may be lost.</summary>
    public JsonObject Settings => _settings ?? TakeOut();

    /// <summary>The same, with its settings held in a fifth of the memory, and made anew for who asks for them: a catalog of very many
    /// secrets lives long, and most of its settings are not asked for.</summary>
    /// <param name="like">One in short that may be much like it, so that they hold together what is the same; null for none.</param>
    public ProviderBinding InShort(ProviderBinding? like = null)
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
        return new ProviderBinding(Type, new LikeText(text.WrittenSpan, like?._short));
    }

    private static (ArrayBufferWriter<byte> Text, Utf8JsonWriter Writer) NewWriter()
    {
        var text = new ArrayBufferWriter<byte>();
        return (text, new Utf8JsonWriter(text, s_short));
    }

    private JsonObject TakeOut()
    {
        if (!ReferenceEquals(t_last.From, this))
        {
            t_last = (this, JsonNode.Parse(_short.ToBytes())!.AsObject());
        }

        return t_last.Settings!;
    }
}
