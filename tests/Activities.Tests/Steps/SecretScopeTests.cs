using System.Buffers.Text;
using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

public sealed class SecretScopeTests
{
    private const string Plain = "p@ss/w+rd \"é\" 1234567890";

    public static TheoryData<string> Forms()
    {
        var bytes = Encoding.UTF8.GetBytes(Plain);
        return
        [
            Plain, Convert.ToBase64String(bytes), Base64Url.EncodeToString(bytes), Convert.ToHexString(bytes),
            Convert.ToHexStringLower(bytes), Uri.EscapeDataString(Plain),
        ];
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_value_is_taken_out_in_every_form(string form)
    {
        using var scope = new SecretScope();
        using var value = scope.Register(SecretValue.FromText(Plain));
        Assert.Equal("before *** after", scope.Redact($"before {form} after"));
        var outcome = scope.Redact(StepOutcome.Unknown(form) with { Facts = new Dictionary<string, string> { ["x"] = form } });
        Assert.Equal("***", outcome.Reason);
        Assert.Equal("***", outcome.Facts!["x"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("u:")]
    [InlineData("us:")]
    [InlineData("user:")]
    public void A_value_inside_of_other_base64_is_taken_out(string before)
    {
        using var scope = new SecretScope();
        using var value = scope.Register(SecretValue.FromText(Plain));
        var text = scope.Redact(Convert.ToBase64String(Encoding.UTF8.GetBytes(before + Plain + "tail")));
        Assert.Contains("***", text);
        Assert.True(text.Length < before.Length + 25);
    }

    [Fact]
    public void What_a_scope_knows_of_values_is_cleared_with_it()
    {
        var forms = new SecretForms(Encoding.UTF8.GetBytes(Plain + "\na-second-line"));
        var known = forms.All.ToList();
        Assert.True(known.Count >= 10, $"{known.Count} forms");
        Assert.All(known, form => Assert.Contains(form, symbol => symbol != '\0'));

        forms.Dispose();

        Assert.All(known, form => Assert.DoesNotContain(form, symbol => symbol != '\0'));
        Assert.Empty(forms.All);
        var scope = new SecretScope();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scope.Redact("text"));
    }

    [Fact]
    public async Task What_goes_on_after_its_activity_gets_no_more_values()
    {
        var scope = new SecretScope();
        var references = new ScopedReferences(new OneValue(), scope);
        using var before = await references.ResolveAsync("env:X", TestContext.Current.CancellationToken);
        scope.Dispose();

        var late = SecretValue.FromText(Plain);
        Assert.Throws<ObjectDisposedException>(() => scope.Register(late));
        Assert.Throws<ObjectDisposedException>(() => late.RevealText());
        Assert.Throws<ObjectDisposedException>(() => scope.RegisterToken("ghs_minted-just-now"));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => references.ResolveAsync("env:X", TestContext.Current.CancellationToken));
    }

    private sealed class OneValue : IReferenceResolver
    {
        public Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken) =>
            Task.FromResult(SecretValue.FromText(Plain));
    }

    /// <summary>The collector moves what is not pinned, and leaves the old copy behind.</summary>
    [Fact]
    public unsafe void A_value_stays_in_one_place_until_it_is_cleared()
    {
        var values = new List<(SecretValue Value, nint At)>();
        for (var i = 0; i < 200; i++)
        {
            // What lies in between goes, so that the rest would be moved together.
            GC.KeepAlive(new byte[100]);
            var value = i % 2 == 0 ? SecretValue.FromText($"{Plain}{i}") : SecretValue.FromBytes(Encoding.UTF8.GetBytes($"{Plain}{i}"));
            fixed (byte* at = value.RevealBytes())
            {
                values.Add((value, (nint)at));
            }
        }

        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        Assert.All(values, one =>
        {
            fixed (byte* at = one.Value.RevealBytes())
            {
                Assert.Equal(one.At, (nint)at);
            }
        });
        values.ForEach(one => one.Value.Dispose());
    }

    /// <summary>A token that Rotunda was given for itself is known to the activity from the request that shows it.</summary>
    [Fact]
    public async Task A_token_that_no_reference_leads_to_is_taken_out_too()
    {
        using var scope = new SecretScope().Enter();
        using var client = WebClient.Default();
        var request = new WebRequest(HttpMethod.Get, new Uri("http://127.0.0.1:1/"), Changes: false)
        {
            Authorization = new("Bearer", "ghs_minted-just-now"),
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.ExchangeAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal("bad token ***", scope.Redact("bad token ghs_minted-just-now"));
    }
}
