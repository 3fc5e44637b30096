using System.Security.Cryptography;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>What every store promises (<see cref="ISecretStore"/>), on a store that has no "contract" yet.</summary>
public static class StoreContract
{
    private const string Name = "contract";
    private const string Kept = "contract-capture-1-0a1b2c3d";

    /// <param name="open">The same store, opened anew each time: nothing may depend on one opening's memory.</param>
    public static async Task CheckAsync(Func<ISecretStore> open)
    {
        await open().CheckAsync(default);
        await open().CheckAsync(Name, default);
        Assert.Null(await open().CurrentAsync(Name, default));
        Assert.Null(await open().FindAsync(Name, "first", default));
        var first = await PendingAsync(open);
        await PromotionAsync(open, first);
        await BytesAsync(open);
        await UnknownAsync(open);
        await DroppedAsync(open);
        await open().CheckAsync(Name, default);
    }

    /// <summary>Idempotent by owner, and invisible to readers.</summary>
    private static async Task<SecretRef> PendingAsync(Func<ISecretStore> open)
    {
        var first = await PutAsync(open(), "first", "value one");
        Assert.Equal(first, await PutAsync(open(), "first", "value one"));
        Assert.Equal((open().Name, Name), (first.Store, first.Name));
        var other = await PutAsync(open(), "first", "value two");
        Assert.NotEqual(first, other);
        Assert.Equal(first, await PutAsync(open(), "first", "value one"));
        Assert.Equal(other, await open().FindAsync(Name, "first", default));
        Assert.NotEqual(first, await PutAsync(open(), "capture:x/y z", "value one"));
        Assert.Equal("value one", await TextAsync(open(), first));
        Assert.Equal("value two", await TextAsync(open(), other));
        Assert.Null(await open().CurrentAsync(Name, default));
        await open().DiscardAsync(other, default);
        await open().DiscardAsync(other, default);
        Assert.Equal(first, await open().FindAsync(Name, "first", default));
        await Assert.ThrowsAsync<SecretNotFoundException>(() => open().GetAsync(other, default));
        Assert.NotEqual(other, await PutAsync(open(), "first", "value two"));
        return first;
    }

    /// <summary>Forward, and back again; the previous value stays until it is discarded.</summary>
    private static async Task PromotionAsync(Func<ISecretStore> open, SecretRef first)
    {
        await open().PromoteAsync(first, default);
        await open().PromoteAsync(first, default);
        Assert.Equal(first, await open().CurrentAsync(Name, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => open().DiscardAsync(first, default));
        var second = await PutAsync(open(), "second", "value three");
        await open().PromoteAsync(second, default);
        Assert.Equal(second, await open().CurrentAsync(Name, default));
        Assert.Equal("value one", await TextAsync(open(), first));
        await open().PromoteAsync(first, default);
        Assert.Equal(first, await open().CurrentAsync(Name, default));
        await open().PromoteAsync(second, default);
        await open().DiscardAsync(first, default);
        await Assert.ThrowsAsync<SecretNotFoundException>(() => open().GetAsync(first, default));
        await Assert.ThrowsAsync<SecretNotFoundException>(() => open().PromoteAsync(first, default));
        Assert.Equal(second, await open().CurrentAsync(Name, default));
        Assert.Equal("value three", await TextAsync(open(), second));
    }

    private static async Task BytesAsync(Func<ISecretStore> open)
    {
        foreach (var bytes in new[] { new byte[]
        {
            0xff,
            0,
            0xfe,
            1,
        }, "\"quotes\" \\ and\nlines ünïcode "u8.ToArray(), RandomNumberGenerator.GetBytes(
            2048) })
        {
            using var value = SecretValue.FromBytes(bytes);
            var stored = await open().PutPendingAsync(Name, "bytes", value, default);
            await open().PromoteAsync(stored, default);
            using var back = await open().GetAsync(stored, default);
            Assert.True(back.ValueEquals(value));
            Assert.Equal(stored, await open().PutPendingAsync(Name, "bytes", value, default));
        }
    }

    /// <summary>Dropped with all that was under its name; never what else is kept there, nor what is current.</summary>
    private static async Task DroppedAsync(Func<ISecretStore> open)
    {
        using var value = SecretValue.FromText("what stood there");
        var refs = new List<SecretRef>();
        foreach (var owner in new[] { "capture:x:one", "capture:x:two" })
        {
            refs.Add(await open().PutPendingAsync(Kept, owner, value, "f1f2f3f4f5f6", default));
        }

        await open().DropAsync(refs[0], default);
        await Assert.ThrowsAsync<SecretNotFoundException>(() => open().GetAsync(refs[0], default));
        Assert.Equal("what stood there", await TextAsync(open(), refs[1]));
        for (var time = 0; time < 2; time++)
        {
            await open().DropAsync(refs[1], default);
            await open().DropAsync(refs[0], default);
            await Assert.ThrowsAsync<SecretNotFoundException>(() => open().GetAsync(refs[1], default));
        }

        Assert.Null(await open().FindAsync(Kept, "capture:x:two", default));
        var current = (await open().CurrentAsync(Name, default))!;
        await Assert.ThrowsAsync<InvalidOperationException>(() => open().DropAsync(current, default));
        (await open().GetAsync(current, default)).Dispose();
    }

    private static async Task UnknownAsync(Func<ISecretStore> open)
    {
        foreach (var version in new[] { "", "no-such-version", "../up", "1" })
        {
            await Assert.ThrowsAsync<SecretNotFoundException>(() => open().GetAsync(new(open().Name, Name, version), default));
        }

        await Assert.ThrowsAsync<SecretNotFoundException>(() => open().GetAsync(new("another-store", Name, "1"), default));
    }

    private static async Task<SecretRef> PutAsync(ISecretStore store, string owner, string text)
    {
        using var value = SecretValue.FromText(text);
        return await store.PutPendingAsync(Name, owner, value, default);
    }

    private static async Task<string> TextAsync(ISecretStore store, SecretRef version)
    {
        using var value = await store.GetAsync(version, default);
        return value.RevealText();
    }
}
