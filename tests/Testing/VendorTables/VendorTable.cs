using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Testing.VendorTables;

/// <summary>
/// A vendor that issues keys, as a table: its calls, and what each answers. Strict: who does not show itself as it should is refused, and
/// what was sent that no call asked for is a failure. Every table goes through the same tests.
/// </summary>
public abstract class VendorTable(string provider)
{
    private int _made;

    /// <summary>The provider's id.</summary>
    public string Provider { get; } = provider;

    /// <summary>False where keys are not issued: a person makes them, or the value is one of our own.</summary>
    public virtual bool Issues => true;

    /// <summary>The setting with Rotunda's own credential; empty where it has none.</summary>
    public virtual string OwnSetting => "token";

    public virtual string OwnValue => "own-credential-0123456789abcdef";

    /// <summary>The settings that work, besides the address and the own credential.</summary>
    public virtual JsonObject Settings => [];

    /// <summary>What else the settings refer to, by reference.</summary>
    public virtual IReadOnlyDictionary<string, string> More => new Dictionary<string, string>();

    /// <summary>Settings that do not, laid over those that work.</summary>
    public virtual IEnumerable<(string What, JsonObject Settings)> Broken => [];

    /// <summary>Where values are set: how somebody sets another one at the vendor, behind Rotunda's back. Null where keys are
    /// made.</summary>
    public virtual Action<string>? SetByHand => null;

    /// <summary>The credential that the tests act on.</summary>
    public virtual CredentialHandle Credential => new(Keys.Count > 0 ? Keys[0].Id : "gone", null, null);

    /// <summary>Where values are set: why a login that works can lack nothing.</summary>
    public virtual string? NoRights => null;

    /// <summary>The vendor's documents that its calls are checked against.</summary>
    public virtual string[] Documents => [];

    /// <summary>What stands before the document's paths in those of the calls, where the document does not say; null if it does.</summary>
    public virtual string? DocumentBase => null;

    /// <summary>The calls that no document has, such as "GET /v1/keys": where they are documented, and why they are made.</summary>
    public virtual IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>();

    /// <summary>Problems that the contract check finds and that are none, such as "body.name: not in the document": why.</summary>
    public virtual IReadOnlyDictionary<string, string> NoProblems => new Dictionary<string, string>();

    /// <summary>What the key in use has and a new one is to have, too; null if nothing is carried over.</summary>
    public virtual JsonObject? Carried => null;

    /// <summary>The settings that say what is carried over where they are not there.</summary>
    public virtual string[] CarriedSettings => [];

    /// <summary>A lifetime that may be asked for; null if the fake takes none.</summary>
    public virtual string? Lifetime => (string?)Settings["lifetime"] ?? "10d";

    /// <summary>How many keys a page of the list has; null if it is all of them.</summary>
    public virtual int? PageSize => null;

    /// <summary>Those that live, the oldest first.</summary>
    public List<FakeKey> Keys { get; } = [];

    /// <summary>How many keys there have been.</summary>
    public int Made => _made;

    public FakeVendor Vendor { get; private set; } = null!;

    /// <summary>What every request has besides.</summary>
    protected virtual (string Name, string Value)[] Headers => [("Accept", "application/json")];

    /// <summary>How Rotunda's own credential shows itself.</summary>
    protected virtual (string Name, string Value) Own => ("Authorization", $"Bearer {OwnValue}");

    /// <summary>How an issued value shows itself.</summary>
    protected virtual (string Name, string Value) Shown(string value) => (Own.Name, Own.Value.Replace(OwnValue, value));

    /// <summary>Before the provider is used: for what takes long in it.</summary>
    public virtual void Prepare(IProvider provider)
    {
    }

    /// <summary>The calls, by <see cref="On"/> and <see cref="Try"/>.</summary>
    protected abstract void Draw();

    protected virtual string NewId(int number) => $"id-{number}";

    protected virtual string NewValue(int number) => $"issued-{number:d4}-{Guid.NewGuid():N}";

    protected virtual FakeReply Refused => Json(401, new { message = "unknown, expired or revoked" });

    protected virtual FakeReply NotFound => Json(404, new { message = "there is no such key" });

    /// <summary>What stands there before anything is done.</summary>
    protected virtual FakeKey Stand() => new(NewId(++_made), "by hand", NewValue(_made)) { More = Carried?.DeepClone().AsObject() ?? [] };

    public void Open(FakeVendor vendor)
    {
        Vendor = vendor;
        Draw();
        Reset();
    }

    /// <summary>Ends what <see cref="Draw"/> started besides.</summary>
    public virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    public void Reset()
    {
        Keys.Clear();
        Keys.Add(Stand());
    }

    /// <summary>Keys of others.</summary>
    public void Crowd(int count)
    {
        for (var index = 0; index < count; index++)
        {
            Keys.Add(Stand() with { Name = $"of somebody else {index}" });
        }
    }

    /// <summary>Without what is new each time.</summary>
    public string State() => string.Join('\n', Keys.Select(key => $"{key.Place} {key.Name} {key.Enabled} {key.More.ToJsonString()}"));

    /// <summary>A call of Rotunda itself, such as "GET /v1/keys/{id}".</summary>
    protected void On(string call, Func<FakeRequest, FakeReply> answer) => Route(call, request =>
        request.Header(Own.Name) == Own.Value ? answer(request) : Refuse(request));

    /// <summary>A call by which a key is tried; Rotunda's own credential may make it, too.</summary>
    /// <param name="answer">Null for the own one.</param>
    protected void Try(string call, Func<FakeRequest, FakeKey?, FakeReply> answer) => Route(call, request =>
    {
        var known = Keys.Find(key => key.Enabled && request.Header(Shown(key.Value).Name) == Shown(key.Value).Value);
        return known is not null || request.Header(Own.Name) == Own.Value ? answer(request, known) : Refuse(request);
    });

    /// <summary>Tokens for a client's id and secret, as OAuth has them.</summary>
    /// <param name="own">Rotunda's own client, which gets the session.</param>
    /// <param name="issued">The client whose secrets are issued; null if they are no such secrets.</param>
    protected void Tokens(string path, string own, string session, string? issued, bool inHeader, string? scope = null) =>
        Route($"POST {path}", request =>
        {
            string[] fields = scope is null ? ["grant_type"] : ["grant_type", "scope"];
            var form = inHeader ? request.Form(fields) : request.Form([.. fields, "client_id", "client_secret"]);
            request.Require((string?)form["grant_type"] == "client_credentials", "another grant");
            request.Require((string?)form["scope"] == scope, "another scope");
            var shown = inHeader
                ? Encoding.UTF8.GetString(Convert.FromBase64String(request.Header("Authorization")!["Basic ".Length..]))
                : $"{form["client_id"]}:{form["client_secret"]}";
            return shown == $"{own}:{OwnValue}" ? Json(200, new { access_token = session, token_type = "Bearer" })
                : Keys.Exists(key => key.Enabled && shown == $"{issued}:{key.Value}") ? Json(200, new { access_token = "another" })
                : Json(401, new { error = "invalid_client" });
        });

    private FakeReply Refuse(FakeRequest request)
    {
        request.LeaveUnread();
        return Refused;
    }

    /// <summary>A call that needs no credential in a header.</summary>
    protected void Route(string call, Func<FakeRequest, FakeReply> answer)
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ')[1]);
        Vendor.On(method, path, request =>
        {
            foreach (var (name, value) in Headers)
            {
                request.RequireHeader(name, value);
            }

            if (method is "GET" or "DELETE")
            {
                request.RequireNoBody();
            }

            return answer(request);
        });
    }

    /// <summary>Makes a key.</summary>
    /// <param name="more">The members of the body that are kept, where they were sent.</param>
    protected FakeKey Make(FakeRequest request, JsonObject body, string nameMember, params string[] more)
    {
        var number = ++_made;
        var key = new FakeKey(NewId(number), (string?)body[nameMember] ?? "", NewValue(number)) { Place = request.Path };
        foreach (var member in more.Where(member => body[member] is not null))
        {
            key.More[member] = body[member]!.DeepClone();
        }

        Keys.Add(key);
        return key;
    }

    /// <summary>Ends a key.</summary>
    protected FakeReply Remove(string id, FakeReply done) => Keys.RemoveAll(key => key.Id == id) == 1 ? done : NotFound;

    /// <summary>Disables a key, or enables it again.</summary>
    protected FakeReply Enable(string id, bool enabled, Func<FakeKey, FakeReply> done)
    {
        if (Keys.Find(key => key.Id == id) is not { } found)
        {
            return NotFound;
        }

        found.Enabled = enabled;
        return done(found);
    }

    /// <summary>The keys behind the one with this id; all from the first for null.</summary>
    protected (IReadOnlyList<FakeKey> Keys, bool More) PageAfter(string? id) =>
        Page(id is null ? 0 : Keys.FindIndex(key => key.Id == id) + 1);

    protected (IReadOnlyList<FakeKey> Keys, bool More) Page(int from)
    {
        var rest = Keys.Skip(from).ToList();
        return ([.. rest.Take(PageSize ?? int.MaxValue)], rest.Count > (PageSize ?? int.MaxValue));
    }

    protected static FakeReply Json(int status, object body, params (string Name, string Value)[] headers) =>
        FakeReply.Json(status, JsonSerializer.SerializeToNode(body)!, headers);

    /// <summary>A moment as most vendors write it.</summary>
    protected static string? At(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
}
