using System.Text.Json;

namespace Rotunda.Rotation.Tests.Catalog;

/// <summary>Most texts are read by a quick reader of simple YAML, the others by a parser of the whole language: nobody may see which of the
/// two it was.</summary>
public sealed class SimpleTreeTests
{
    private const string Usual = "# é\n";

    /// <summary>Reading a text with such a character in it takes the whole language.</summary>
    private const string Unusual = "# 漢\n";
    private const int Turns = 1000;

    private const string More = """

          third:
            # Some lists stand below their key, and some deeper.
            tags:
            - one
            - "two: 2"   # with a comment
            provider:
                type: generated
                purpose: 'jwt'
            window:
              days:
                - mon
                - tue
              from: "09:00"
              to: '16:00'
            description: It's a "text" with {brackets}, # no comment
            targets:
              file: { type: dotenv, path: ./apps/3.env, names: {}, other: [ a, {b: c}, [d , "e"] ] }

        """;

    private static readonly string[] s_pieces =
    [
        "\n", "\n\n", "  ", " ", ":", ": ", "- ", "-", "#", " #", "# ", "\"", "'", "{", "}", "[", "]", ",", ", ", "&a ", "*a", "!", "|",
        ">", "|\n", "\\", "\t", "~", "?", "? ", "%", "@", "`", "<<: ", "---\n", "...\n", "x", "é", "\u00a0", "null", "''", "\"\"",
        "\r\n", "k: v\n", "\n  k: v\n", "key:\n", "=", "a: b: c", ".", "$", "(", "+",
    ];

    [Fact]
    public void A_quick_reading_finds_what_the_whole_language_finds()
    {
        var random = new Random(19);
        for (var turn = 0; turn < Turns; turn++)
        {
            var text = CatalogReaderTests.Full + More;
            for (var changes = turn == 0 ? 0 : random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                text = random.Next(3) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at)),
                    1 => text.Insert(at, s_pieces[random.Next(s_pieces.Length)]),
                    _ => text.Remove(at, 1).Insert(at, s_pieces[random.Next(s_pieces.Length)]),
                };
            }

            Assert.Equal(Found(Unusual + text), Found(Usual + text));
        }
    }

    [Fact]
    public void A_quick_reading_takes_less_memory_by_far()
    {
        CatalogReaderTests.Read(Usual + CatalogReaderTests.Full);
        Assert.True(2 * Allocated(Usual) < Allocated(Unusual), $"{Allocated(Usual)}, {Allocated(Unusual)}");
    }

    private static long Allocated(string first)
    {
        // One word with a long tail of simple lines: what is read of them is little.
        var text = first + "version: 1\nsecrets: []\nunknown:\n" + string.Concat(Enumerable.Repeat("  - { a: b, c: [d, e] }\n", 2000));
        CatalogReaderTests.Read(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        CatalogReaderTests.Read(text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static string Found(string text)
    {
        var result = CatalogReaderTests.Read(text);
        return $"{string.Join('\n', result.Problems)}\n{string.Join('\n', result.Warnings)}\n"
            + JsonSerializer.Serialize(result.Catalog?.Policies.Values)
            + $"\n{text[Usual.Length..]}";
    }
}
