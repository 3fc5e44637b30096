using System.Text;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>The text of a configuration file, of which single values are read, and changed while every other byte stays as it is.</summary>
internal sealed class ConfigText
{
    /// <summary>A file of settings is smaller; the parsers take many times as much memory as the file.</summary>
    private const int Largest = 4 * 1024 * 1024;

    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private readonly ConfigLanguage _language;
    private readonly Encoding _encoding;
    private readonly bool _hasMark;
    private string _text;

    private ConfigText(ConfigLanguage language, Encoding encoding, bool hasMark, string text) =>
        (_language, _encoding, _hasMark, _text) = (language, encoding, hasMark, text);

    public bool IsEmpty => _language.IsEmpty(_text);

    /// <exception cref="DeliveryException">It is no text in UTF-8.</exception>
    public static ConfigText Parse(ReadOnlySpan<byte> bytes, ConfigLanguage language)
    {
        if (bytes.Length > Largest)
        {
            throw new DeliveryException($"{language.File} is larger than 4 MB. Put the values into a smaller one.");
        }

        var hasMark = bytes.StartsWith(Encoding.UTF8.Preamble);
        var body = hasMark ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        var isUtf8 = System.Text.Unicode.Utf8.IsValid(body);
        if (body.Contains((byte)0) || (!isUtf8 && !language.IsBytewise))
        {
            throw new DeliveryException($"{language.File} is not in UTF-8. Save it so.");
        }

        var encoding = isUtf8 ? Utf8 : Encoding.Latin1;
        return new ConfigText(language, encoding, hasMark, encoding.GetString(body));
    }

    public byte[] ToBytes() => [.. _hasMark ? Encoding.UTF8.Preamble : [], .. _encoding.GetBytes(_text)];

    /// <summary>What stands at the path; null if nothing does.</summary>
    /// <exception cref="DeliveryException">The file cannot be read, or has the path twice.</exception>
    public ConfigNode? Find(string path) => _language.Find(_text, path);

    /// <summary>Writes the value at the path, in the quotes that stand there where they can take it.</summary>
    /// <param name="adds">Whether a path that is not there is added.</param>
    /// <exception cref="DeliveryException">It cannot be written there; nothing is changed then.</exception>
    public void Set(string path, string value, bool adds)
    {
        var node = _language.Find(_text, path);
        if (node is null && !adds)
        {
            var near = _language.Near(_text, path) is { } name ? $" Did you mean \"{name}\" in it?" : "";
            throw new DeliveryException(
                $"{_language.File} has no {path}.{near} Put it there, correct the path, or set addMissing: true, which adds it.");
        }

        if (node is { Kind: not ConfigKind.Scalar })
        {
            throw new DeliveryException($"{path} is not one value, but has others in it. Correct the path.");
        }

        if (node?.Fixed is { } why)
        {
            throw new DeliveryException($"{path} {why}.");
        }

        if (node?.Text == value)
        {
            return;
        }

        var text = node is null
            ? _language.Add(_text, path, value)
            : _text[..node.Start] + _language.Write(_text, node, path, value) + _text[node.End..];
        if (!_encoding.Equals(Utf8) && text.Count(symbol => symbol > '~') > _text.Count(symbol => symbol > '~'))
        {
            throw new DeliveryException(
                $"{_language.File} is not in UTF-8, and the value for {path} is not in ASCII. Save the file as UTF-8.");
        }

        if (_language.Find(text, path)?.Text != value)
        {
            throw new DeliveryException(
                $"The value for {path} cannot be written so that it is read as it is. Write it in another way there (in quotes, on "
                    + "one line), "
                    + "or {value:base64} in the template.");
        }

        _text = text;
    }

    /// <summary>What stands at the path, to be put back.</summary>
    public KeptValue Keep(string path) => _language.Find(_text, path) is { } node
        ? new KeptValue(_text[node.Start..node.End], node.Text, 0)
        {
            IsTight = node.Start == 0 || !char.IsWhiteSpace(_text[node.Start - 1]),
        }
        : new KeptValue(null, null, _language.DepthOf(_text, path));

    /// <summary>Puts back what stood there, as it was written.</summary>
    /// <exception cref="DeliveryException">It cannot be put back.</exception>
    public void Restore(string path, KeptValue kept)
    {
        var node = _language.Find(_text, path);
        if (kept.Raw is not { } raw)
        {
            _text = node is null ? _text : Checked(_language.Remove(_text, path, kept.Depth), path, null);
            return;
        }

        if (node is null)
        {
            _text = kept.Text is { } value
                ? _language.Add(_text, path, value)
                : throw new DeliveryException(
                    $"{path} was taken out of the file, so what stood there cannot be put back. Put it there by hand.");
            return;
        }

        var start = raw.Length == 0 && kept.IsTight && node.Start > 0 && _text[node.Start - 1] == ' ' ? node.Start - 1 : node.Start;
        _text = Checked(_text[..start] + raw + _text[node.End..], path, kept.Text);
    }

    private string Checked(string text, string path, string? expected) => _language.Find(text, path)?.Text == expected
        ? text
        : throw new DeliveryException($"{path} cannot be put back as it was: others have changed what is around it. Put it there by hand.");
}

/// <summary>What stood at a path.</summary>
/// <param name="Raw">As it was written; null if nothing stood there.</param>
/// <param name="Text">As it was read; null where it was no text.</param>
/// <param name="Depth">How many names of the path there were.</param>
internal sealed record KeptValue(string? Raw, string? Text, int Depth)
{
    /// <summary>No blank stood before it.</summary>
    public bool IsTight { get; init; }
}
