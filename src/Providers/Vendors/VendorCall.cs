using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>
/// One run of an ability at a vendor: the settings, and the calls. Every refusal becomes the outcome that it means, by what was done
/// before it; nothing is tried again here. What it touched of values is taken out of whatever it says.
/// </summary>
internal sealed partial class VendorCall : IDisposable
{
    private const int MostPages = 500;
    private readonly VendorAccess _access;
    private readonly VendorApi _api;
    private readonly ProviderCall _call;
    private readonly WebSession _session;
    private readonly SecretScope _scope = new();
    private readonly List<WebReply> _replies = [];
    private readonly string _account;
    private string? _own;
    private bool _isOpening;

    /// <param name="account">The account that Rotunda calls as: all that do share its pace. Empty: one at each address.</param>
    public VendorCall(VendorAccess access, VendorApi api, ProviderCall call, CancellationToken cancellationToken, string account = "")
    {
        (_access, _api, _call, Cancellation, _account) = (access, api, call, cancellationToken, account);
        _session = access.Begin(call.Time, api.System);
    }

    public CancellationToken Cancellation { get; }

    public TimeProvider Time => _call.Time;

    public DateTimeOffset Now => _call.Time.GetUtcNow();

    public string System => _api.System;

    public ProviderSettings Settings => _call.Settings;

    /// <summary>The credential that is being tried; null in all other runs.</summary>
    public CredentialHandle? Tried { get; set; }

    /// <summary>What is to be issued; null in all other runs.</summary>
    public IssueRequest? Asked { get; set; }

    /// <summary>2 and more where an earlier attempt may have done it, and its answer was lost.</summary>
    public int Attempt => _call.Attempt;

    /// <summary>True on a rotation's way back.</summary>
    public bool IsUndo => _call.IsUndo;

    /// <summary>The value in use; null if it is not in the store. The caller disposes it.</summary>
    public async Task<SecretValue?> InUseAsync() => Asked is { } asked && await asked.InUse() is { } value ? Register(value) : null;

    /// <exception cref="SettingMissingException">It is not set.</exception>
    public string Text(string setting) => _call.Settings.RequiredText(setting);

    public string? Maybe(string setting) => _call.Settings.Text(setting);

    public bool Flag(string setting, bool otherwise = false) => _call.Settings.Flag(setting, otherwise);

    /// <summary>Null if it is not set.</summary>
    public int? Number(string setting) => _call.Settings.Number(setting, int.MinValue) is var number and not int.MinValue ? number : null;

    /// <summary>For a request's body; null if it is not set.</summary>
    public JsonArray? List(string setting) =>
        _call.Settings.TextList(setting) is { Count: > 0 } list ? [.. list.Select(text => (JsonNode)text)] : null;

    /// <summary>When what is made now ends by the setting with its lifetime; null if that is not set.</summary>
    /// <param name="longest">The most that the vendor takes; null if it does not say.</param>
    public DateTimeOffset? Expiry(string setting, TimeSpan? longest = null)
    {
        var lifetime = _call.Settings.Duration(setting, TimeSpan.Zero);
        return lifetime > longest
            ? throw Failure(
                StepOutcome.Rejected(
                    $"'{setting}' is more than {DurationText.Format(longest!.Value)}, the most that {System} takes. "
                        + "Give less."))
            : lifetime == TimeSpan.Zero ? null : Now + lifetime;
    }

    /// <summary>As most vendors write a moment; null for none.</summary>
    public static string? Moment(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>The value behind a setting; the caller disposes it.</summary>
    public async Task<SecretValue> SecretAsync(string setting) =>
        Register(await _call.Settings.RequiredSecretAsync(setting, Cancellation));

    public Task<VendorReply> GetAsync(VendorPath path) => SendAsync(HttpMethod.Get, path, null, changes: false);

    /// <summary>Members of the body that are null are left out.</summary>
    public Task<VendorReply> PostAsync(VendorPath path, JsonObject? body = null) => SendAsync(HttpMethod.Post, path, body, changes: true);

    /// <summary>A POST that changes nothing: a query, or a token for a credential.</summary>
    public Task<VendorReply> AskAsync(VendorPath path, JsonObject? body = null) => SendAsync(HttpMethod.Post, path, body, changes: false);

    public Task<VendorReply> PutAsync(VendorPath path, JsonObject body) => SendAsync(HttpMethod.Put, path, body, changes: true);

    public Task<VendorReply> PatchAsync(VendorPath path, JsonObject body) => SendAsync(HttpMethod.Patch, path, body, changes: true);

    public Task<VendorReply> DeleteAsync(VendorPath path, JsonObject? body = null) =>
        SendAsync(HttpMethod.Delete, path, body, changes: true);

    /// <summary>As <see cref="PostAsync"/>, with the members as a form's fields.</summary>
    /// <param name="refuses">Whether an answer with a success's status says that nothing was done.</param>
    public Task<VendorReply> PostFormAsync(VendorPath path, JsonObject fields, Func<WebReply, bool>? refuses = null) =>
        SendAsync(HttpMethod.Post, path, fields, changes: true, isForm: true, refuses);

    /// <summary>As <see cref="AskAsync(VendorPath, JsonObject)"/>, with the members as a form's fields.</summary>
    public Task<VendorReply> AskFormAsync(VendorPath path, JsonObject fields) =>
        SendAsync(HttpMethod.Post, path, fields, changes: false, isForm: true);

    /// <summary>Reads the key in use, to carry over what it has; null if its id is not known.</summary>
    public async Task<VendorReply?> PreviousAsync(string? previous, Func<string, VendorPath> path)
    {
        try
        {
            return previous is null ? null : await GetAsync(path(previous));
        }
        catch (WebFailureException failure) when (failure.Status == 404)
        {
            throw NotThere(previous!);
        }
    }

    /// <summary>The key in use is not there to be read.</summary>
    public WebFailureException NotThere(string previous) => Rejected(
        $"{System} does not find the key in use ({previous}), so what it has cannot be carried over. Check its id; if it is gone for good, "
            + "an emergency that revokes first goes on without it.");

    /// <summary>Neither the settings nor the key in use say what a new one may do.</summary>
    public WebFailureException NotSaid(string setting) =>
        Rejected($"What the key in use may do is not known: set '{setting}', or its id under 'current'.");

    /// <summary>There is no such thing, found out otherwise than by an answer 404.</summary>
    public WebFailureException Missing(string id) =>
        new(StepOutcome.Rejected($"{System} knows no {id}. Check the id, and the account that Rotunda uses there.")) { Status = 404 };

    /// <summary>All pages.</summary>
    /// <param name="next">The next page's path; null at the last one.</param>
    public async IAsyncEnumerable<Listed> ListAsync(
        VendorPath first,
        Func<VendorReply, IEnumerable<Listed>> read,
        Func<VendorReply, VendorPath?>? next = null)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var path = first; path is not null;)
        {
            if (!seen.Add(path.ToString()) || seen.Count > MostPages)
            {
                throw Failure(StepOutcome.Rejected(
                    $"{System} gives page after page of the same list, {seen.Count} so far. Check 'url', "
                        + "and proxies in between."));
            }

            var page = await GetAsync(path);
            foreach (var one in read(page))
            {
                yield return one;
            }

            path = next?.Invoke(page);
        }
    }

    /// <summary>The path behind a whole address that the vendor gave: of its own API only, as the credential goes along.</summary>
    public VendorPath? Link(string? address)
    {
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        var path = new VendorPath(address.Length, 0);
        path.AppendLiteral(
            Uri.TryCreate(Root, address, out var link) && link.Scheme == Root.Scheme && link.Authority == Root.Authority
                ? link.PathAndQuery
                : throw Failure(StepOutcome.Rejected(
                    $"{System} gives the address of a next page that is not its own. Check 'url', and "
                        + "proxies in between.")));
        return path;
    }

    /// <summary>A path at another address than the API's: where logins are, say.</summary>
    /// <param name="setting">With the address.</param>
    public VendorPath Elsewhere(string setting, string otherwise, VendorPath path)
    {
        var whole = new VendorPath(0, 0);
        var root = WebAddress.Base(Maybe(setting) ?? VendorAddress.Of(this, otherwise), setting);
        whole.AppendLiteral(new Uri(root, path.ToString()).AbsoluteUri);
        return whole;
    }

    /// <summary>Asks with a value instead of Rotunda's own credential.</summary>
    public async Task<Validity> AskAsync(Probe probe, SecretValue value)
    {
        var auth = _api.Minted ?? _api.Own;
        if (auth.Shown(this, Register(value.Copy())) is not { } shown)
        {
            return Validity.Invalid;
        }

        var request = Request(probe.Method, probe.Path, probe.Body, changes: false, probe.IsForm) with { CarriesValue = true };
        var reply = await ExchangeAsync(request with { Headers = [.. _api.Headers, .. await auth.HeadersAsync(this, request, shown)] });
        return probe.Judge(new VendorReply(this, reply, Read(reply))) ?? throw _session.Refusal(reply, _api.Hints);
    }

    /// <summary>The API's address can be called: it is one, and no credential would cross the network in the clear.</summary>
    /// <exception cref="WebFailureException">It cannot.</exception>
    public void CheckAddress() => _ = Root;

    /// <summary>The value is taken out of whatever is said from now on.</summary>
    public SecretValue Register(SecretValue value) => _scope.Register(value);

    public StepOutcome Redact(StepOutcome outcome) => _scope.Redact(outcome);

    public string Redact(string text) => _scope.Redact(text);

    public WebFailureException Failure(StepOutcome outcome) => _session.Failure(outcome);

    public WebFailureException Rejected(string why) => Failure(StepOutcome.Rejected(why));

    /// <summary>What a failure means for the run as a whole.</summary>
    public StepOutcome OutcomeOf(OutcomeException failure) =>
        Redact(failure is WebFailureException ? failure.Outcome : Failure(failure.Outcome).Outcome);

    public WebFailureException Garbled(WebRequest request, string how) => Failure(request.Changes
        ? StepOutcome.Unknown($"{System}: {request.What} answered {how}.")
        : StepOutcome.RetryLater($"{System}: {request.What} answered {how}. Check '{VendorApi.Url}', and proxies in between."));

    public void Dispose() => _replies.ForEach(reply => reply.Dispose());

    private Uri Root => WebAddress.Base(_call.Settings.Text(VendorApi.Url) ?? VendorAddress.Of(this, _api.DefaultUrl), VendorApi.Url);

    private Uri At(VendorPath path) => new(Root, path.ToString());

    private async Task<VendorReply> SendAsync(
        HttpMethod method,
        VendorPath path,
        JsonNode? body,
        bool changes,
        bool isForm = false,
        Func<WebReply, bool>? refuses = null)
    {
        var request = Request(method, path, body, changes, isForm) with { Refuses = refuses ?? (_ => false) };
        var reply = await ExchangeAsync(request with { Headers = [.. _api.Headers, .. await OwnAsync(request)] });
        var read = new VendorReply(this, reply, reply.Body.Length == 0 ? null : Read(reply));
        return !reply.IsSuccess ? throw (_api.IsBusy(read) ? Busy(reply) : _session.Refusal(reply, _api.Hints))
            : reply.Body.Length == 0 || read.IsRead ? read
            : throw Garbled(request, "with something else than it should");
    }

    private static JsonNode? Read(WebReply reply) => reply.Json() ?? XmlTree.Of(reply.Body);

    private WebFailureException Busy(WebReply reply) => Failure(
        StepOutcome.RetryLater($"{System}: {reply.Request.What} was one call too many for now.", reply.RetryAfter(Time)));

    /// <summary>Rotunda's own credential, read once and only when it is needed. The call that exchanges it has none.</summary>
    private async Task<IEnumerable<(string Name, string Value)>> OwnAsync(WebRequest request)
    {
        if (_isOpening)
        {
            return [];
        }

        if (_own is null)
        {
            _isOpening = true;
            _own = await _api.Own.OwnAsync(this);
            _isOpening = false;
        }

        return await _api.Own.HeadersAsync(this, request, _own);
    }

    private async Task<WebReply> ExchangeAsync(WebRequest request)
    {
        var pace = _access.PaceOf(Root, _account);
        await pace.EnterAsync(this, _api.PerMinute);
        var reply = await _session.SendAsync(request, Cancellation);
        _replies.Add(reply);
        if (reply.Status is 403 or 429 or 503 && reply.RetryAfter(Time) is { } wait)
        {
            pace.Close(Now + wait);
        }

        return reply;
    }

    private WebRequest Request(HttpMethod method, VendorPath path, JsonNode? body, bool changes, bool isForm)
    {
        var request = new WebRequest(method, At(path), changes) { Body = VendorBody.Of(body, isForm) };
        return request with { ContentType = isForm ? "application/x-www-form-urlencoded" : _api.ContentType };
    }
}
