using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Reencryption.Formats;
using Rotunda.Rotation.Words;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>The formats by themselves. Fernet's vectors are those of its specification (https://github.com/fernet/spec).</summary>
public sealed class FormatTests
{
    private const string VectorKey = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    private const string VectorToken =
        "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

    [Fact]
    public void Fernet_makes_the_specifications_token()
    {
        using var key = FernetKey.TryParse(Utf8(VectorKey))!;
        var time = DateTimeOffset.Parse("1985-10-26T01:20:00-07:00", CultureInfo.InvariantCulture).ToUnixTimeSeconds();

        using var cells = new Cells();
        cells.Add([0]);
        "hello"u8.CopyTo(cells.Reserve(5));
        cells.Open(0, KeyRing.InUse, 5, time);
        cells[0].Wanted = true;
        key.Seal(cells, [.. Enumerable.Range(0, 16).Select(n => (byte)n)]);

        Assert.Equal(VectorToken, Encoding.ASCII.GetString(cells[0].Sealed!));
    }

    [Fact]
    public void Fernet_opens_the_specifications_token() => Assert.Equal("hello", Open(VectorKey, VectorToken));

    [Theory]
    [InlineData("incorrect mac", "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==")]
    [InlineData("too short", "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==")]
    [InlineData("invalid base64", "%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==")]
    [InlineData(
        "payload size not multiple of block size",
        "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm")]
    [InlineData(
        "payload padding error",
        "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==")]
    [InlineData(
        "incorrect IV (causes padding error)",
        "gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==")]
    public void Fernet_refuses_what_the_specification_calls_invalid(string why, string token) =>
        Assert.True(Open(VectorKey, token) is null, why);

    [Theory]
    [InlineData("far-future TS", "gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==")]
    [InlineData("expired TTL", "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==")]
    public void What_is_stored_has_no_time_to_live(string why, string token) => Assert.True(Open(VectorKey, token) is not null, why);

    [Fact]
    public async Task A_token_keeps_its_time_when_it_is_moved()
    {
        var (old, fresh) = (Fernet.NewKey(), Fernet.NewKey());
        using var ring = Ring(old, fresh);
        using var format = new FernetFormat(ring);
        using var cells = new Cells();
        cells.Add(Utf8(Fernet.Seal(old, "x", time: 1234567890)));
        await format.OpenAsync(cells, KeyRing.InUse, default);
        cells[0].Wanted = true;
        await format.SealAsync(cells, KeyRing.New, default);

        var token = Encoding.ASCII.GetString(cells[0].Sealed!);
        Assert.Equal("x", Fernet.Open(fresh, token));
        Assert.Equal(
            Convert.ToHexString(BitConverter.GetBytes(1234567890L).Reverse().ToArray()),
            Convert.ToHexString(Convert.FromBase64String(token.Replace('-', '+').Replace('_', '/'))[1..9]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(100_000)]
    public async Task Fernet_is_what_others_read_and_write_at_any_length(int length)
    {
        var (old, fresh, plain) = (Fernet.NewKey(), Fernet.NewKey(), new string('é', length));
        using var ring = Ring(old, fresh);
        using var format = new FernetFormat(ring);
        var moved = Encoding.ASCII.GetString((await MoveAsync(format, Utf8(Fernet.Seal(old, plain))))!);
        Assert.Equal(plain, Fernet.Open(fresh, moved));
        Assert.Null(Fernet.Open(old, moved));
    }

    [Fact]
    public async Task A_batch_of_all_lengths_is_opened_and_sealed_at_once()
    {
        var (old, fresh) = (Fernet.NewKey(), Fernet.NewKey());
        using var ring = Ring(old, fresh);
        using var format = new FernetFormat(ring);
        using var cells = new Cells();
        var plains = Enumerable.Range(0, 400).Select(n => new string((char)('a' + (n % 26)), n * 7 % 1000)).ToList();
        for (var pass = 0; pass < 2; pass++)
        {
            cells.Clear();
            foreach (var (n, plain) in plains.Index())
            {
                cells.Add(n % 5 == 0 ? null : n % 7 == 0 ? Utf8("no token") : Utf8(Fernet.Seal(old, plain)));
            }

            await format.OpenAsync(cells, KeyRing.InUse, default);
            for (var index = 0; index < cells.Count; index++)
            {
                cells[index].Wanted = cells[index].Key >= 0 && index % 3 != 0;
            }

            await format.SealAsync(cells, KeyRing.New, default);
            Assert.All(plains.Index(), one => Assert.Equal(
                one.Index % 5 == 0 || one.Index % 7 == 0 || one.Index % 3 == 0 ? null : one.Item,
                cells[one.Index].Sealed is { } moved ? Fernet.Open(fresh, Encoding.ASCII.GetString(moved)) : null));
        }
    }

    [Fact]
    public async Task Multi_fernet_reads_with_every_key_and_writes_with_the_first()
    {
        var keys = Enumerable.Range(0, 4).Select(_ => Fernet.NewKey()).ToList();
        using var inUse = SecretValue.FromText($"{keys[0]}, {keys[1]},");
        using var fresh = SecretValue.FromText(keys[2]);
        using var older = SecretValue.FromText(keys[3]);
        using var ring = KeyRing.Of(new DataKeys(inUse, fresh, []), [older], lists: true);
        using var format = new FernetFormat(ring);
        foreach (var key in new[] { keys[0], keys[1], keys[3] })
        {
            Assert.Equal(
                "x",
                Fernet.Open(keys[2], Encoding.ASCII.GetString((await MoveAsync(format, Utf8(Fernet.Seal(key, "x")), ring))!)));
        }

        using var back = new Cells();
        back.Add(Utf8(Fernet.Seal(keys[2], "y")));
        await format.OpenAsync(back, KeyRing.New, default);
        back[0].Wanted = true;
        await format.SealAsync(back, KeyRing.InUse, default);
        Assert.Equal("y", Fernet.Open(keys[0], Encoding.ASCII.GetString(back[0].Sealed!)));
    }

    [Fact]
    public void Aes_gcm_has_the_documented_layout()
    {
        var raw = RandomNumberGenerator.GetBytes(32);
        using var key = AesGcmKey.TryParse(Utf8(Convert.ToBase64String(raw)))!;
        var nonce = RandomNumberGenerator.GetBytes(12);
        var value = key.Seal("hello"u8, ways: null, nonce);

        Assert.Equal(1 + 8 + 12 + 5 + 16, value.Length);
        Assert.Equal(1, value[0]);
        Assert.Equal(SHA256.HashData([.. "rotunda-key-id:"u8, .. raw])[..8], value[1..9]);
        Assert.Equal(nonce, value[9..21]);
        using var plain = new AesGcm(raw, 16);
        var opened = new byte[5];
        plain.Decrypt(nonce, value[21..26], value[26..], opened, value[..9]);
        Assert.Equal("hello"u8.ToArray(), opened);
        Assert.Equal(Convert.ToBase64String(value), Encoding.ASCII.GetString(key.Seal("hello"u8, Base64Ways.Standard, nonce)));
    }

    [Fact]
    public async Task Aes_gcm_moves_texts_and_bytes_and_refuses_what_was_touched()
    {
        var (old, fresh) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        using var ring = Ring(Convert.ToHexString(old), Convert.ToBase64String(fresh));
        using var format = new AesGcmFormat(ring, [true, false]);
        using var one = AesGcmKey.TryParse(Utf8(Convert.ToBase64String(old)))!;
        using var two = AesGcmKey.TryParse(Utf8(Convert.ToHexString(fresh)))!;
        var nonce = RandomNumberGenerator.GetBytes(12);
        using var cells = new Cells();
        cells.Add(one.Seal("text"u8, Base64Ways.Standard, nonce));
        cells.Add(one.Seal("bytes"u8, ways: null, nonce));
        cells.Add(one.Seal(""u8, Base64Ways.Standard, nonce));
        var touched = one.Seal("x"u8, ways: null, nonce);
        touched[^1] ^= 1;
        cells.Add(touched);
        await format.OpenAsync(cells, KeyRing.New, default);
        await format.OpenAsync(cells, KeyRing.InUse, default);
        Assert.Equal([0, 0, 0, Cells.Unopened], Enumerable.Range(0, 4).Select(index => cells[index].Key));
        for (var index = 0; index < 3; index++)
        {
            cells[index].Wanted = true;
        }

        await format.SealAsync(cells, KeyRing.New, default);
        var plain = new byte[500];
        Assert.Equal(4, two.Open(cells[0].Sealed, isText: true, plain, out _));
        Assert.Equal(5, two.Open(cells[1].Sealed, isText: false, plain, out _));
        Assert.Equal(0, two.Open(cells[2].Sealed, isText: true, plain, out _));
        Assert.Equal(-1, one.Open(cells[1].Sealed, isText: false, plain, out _));
    }

    [Theory]
    [InlineData(Base64Ways.Standard)]
    [InlineData(Base64Ways.Url)]
    [InlineData(Base64Ways.Standard | Base64Ways.Unpadded)]
    [InlineData(Base64Ways.Url | Base64Ways.Unpadded)]
    public async Task An_aes_gcm_text_is_written_as_the_one_before_it_was(object of)
    {
        var ways = (Base64Ways)of;
        var (old, fresh) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        using var ring = Ring(Convert.ToBase64String(old), Convert.ToBase64String(fresh));
        using var format = new AesGcmFormat(ring, [true, true]);
        using var one = AesGcmKey.TryParse(Utf8(Convert.ToBase64String(old)))!;
        using var cells = new Cells();
        var plains = Enumerable.Range(0, 200).Select(n => new string('x', n % 64)).ToList();
        foreach (var plain in plains)
        {
            cells.Add(one.Seal(Utf8(plain), ways, RandomNumberGenerator.GetBytes(12)));
            cells.Add(one.Seal(Utf8(plain), Base64Ways.Standard, RandomNumberGenerator.GetBytes(12)));
        }

        await format.OpenAsync(cells, KeyRing.InUse, default);
        for (var index = 0; index < cells.Count; index++)
        {
            cells[index].Wanted = true;
        }

        await format.SealAsync(cells, KeyRing.New, default);
        var (first, second) = (Texts(cells, 0), Texts(cells, 1));
        Assert.Equal(ways.HasFlag(Base64Ways.Url), first.Any(text => text.AsSpan().ContainsAny('-', '_')));
        Assert.Equal(!ways.HasFlag(Base64Ways.Url), first.Any(text => text.AsSpan().ContainsAny('+', '/')));
        Assert.Equal(!ways.HasFlag(Base64Ways.Unpadded), first.Any(text => text.EndsWith('=')));
        Assert.All(second, text => Assert.Equal(text, Convert.ToBase64String(Convert.FromBase64String(text))));
        using var again = new Cells();
        first.ForEach(text => again.Add(Utf8(text)));
        await format.OpenAsync(again, KeyRing.New, default);
        Assert.Equal(plains, Enumerable.Range(0, again.Count).Select(index => Encoding.UTF8.GetString(again.PlainOf(index))));

        static List<string> Texts(Cells cells, int column) =>
            [.. Enumerable.Range(0, cells.Count / 2).Select(row => Encoding.ASCII.GetString(cells[(row * 2) + column].Sealed!))];
    }

    [Fact]
    public void A_text_broken_into_lines_opens_and_one_of_both_alphabets_does_not()
    {
        var raw = RandomNumberGenerator.GetBytes(32);
        using var key = AesGcmKey.TryParse(Utf8(Convert.ToBase64String(raw)))!;
        var text = Encoding.ASCII.GetString(key.Seal(new byte[100], Base64Ways.Standard, new byte[12]));
        var plain = new byte[500];
        Assert.Equal(100, key.Open(Utf8(text.Insert(76, "\n")), isText: true, plain, out var ways));
        Assert.False(ways.HasFlag(Base64Ways.Unpadded));
        Assert.Equal(-1, key.Open(Utf8("+_" + text[2..]), isText: true, plain, out _));
        Assert.Equal(-1, key.Open("A"u8, isText: true, plain, out _));
        Assert.Equal(-1, key.Open(""u8, isText: true, plain, out _));
    }

    [Theory]
    [InlineData("00112233445566778899AABBCCDDEEFFffeeddccbbaa99887766554433221100", true)]
    [InlineData("00112233445566778899AABBCCDDEEFFffeeddccbbaa9988776655443322110g", false)]
    [InlineData("é0112233445566778899AABBCCDDEEFFffeeddccbbaa998877665544332211", false)]
    public void A_hexadecimal_key_is_read_from_its_bytes(string text, bool isKey)
    {
        using var key = AesGcmKey.TryParse(Utf8(text));
        Assert.Equal(isKey, key is not null);
    }

    [Fact]
    public void Keys_are_cleared_with_their_ring()
    {
        var ring = Ring(VectorKey, VectorKey);
        var old = ring.TextOf(KeyRing.InUse);
        var fresh = ring.TextOf(KeyRing.New);
        Assert.Equal(Utf8(VectorKey), old.ToArray());
        ring.Dispose();
        Assert.Equal(new byte[VectorKey.Length], old.ToArray());
        Assert.Equal(new byte[VectorKey.Length], fresh.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e")]
    [InlineData("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=cw_0")]
    public void What_is_no_key_is_told_without_showing_it(string key)
    {
        using var ring = Ring(VectorKey, key);
        var fernet = Assert.Throws<RowFormatException>(() => new FernetFormat(ring));
        var aes = Assert.Throws<RowFormatException>(() => new AesGcmFormat(ring, [true]));
        Assert.StartsWith("The new key is no Fernet key. Give base64url of 32 bytes", fernet.Message, StringComparison.Ordinal);
        Assert.StartsWith("The new key is no AES-256 key", aes.Message, StringComparison.Ordinal);
        Assert.True(key.Length == 0 || !(fernet.Message + aes.Message).Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_open_is_cleared_for_the_next_batch()
    {
        using var cells = new Cells();
        cells.Add([1]);
        "secret"u8.CopyTo(cells.Reserve(6));
        cells.Open(0, KeyRing.InUse, 6);
        var plain = cells.PlainOf(0);
        Assert.True(plain.SequenceEqual("secret"u8));
        cells.Clear();
        Assert.Equal(new byte[6], plain.ToArray());
    }

    private static string? Open(string key, string token)
    {
        using var fernet = FernetKey.TryParse(Utf8(key))!;
        using var cells = new Cells();
        cells.Add(Utf8(token));
        fernet.Open(cells, KeyRing.InUse);
        return cells[0].Key == KeyRing.InUse ? Encoding.UTF8.GetString(cells.PlainOf(0)) : null;
    }

    private static async Task<byte[]?> MoveAsync(FernetFormat format, byte[] stored, KeyRing? ring = null)
    {
        using var cells = new Cells();
        cells.Add(stored);
        foreach (var key in ring?.Before ?? [KeyRing.InUse])
        {
            await format.OpenAsync(cells, key, default);
        }

        cells[0].Wanted = cells[0].Key >= 0;
        await format.SealAsync(cells, KeyRing.New, default);
        return cells[0].Sealed;
    }

    private static KeyRing Ring(string old, string fresh)
    {
        using var inUse = SecretValue.FromText(old);
        using var made = SecretValue.FromText(fresh);
        return KeyRing.Of(new DataKeys(inUse, made, []), [], lists: false);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
