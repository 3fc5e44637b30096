using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MongoDB.Driver;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.MongoDb;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Atlas;

internal sealed class AtlasUserProvider(VendorAccess access)
    : Vendor(AtlasUserDescriptor.Instance, access), IApplyValues, IRevokeCredentials, ITellAccounts
{
    private const string Version = "application/vnd.atlas.2023-01-01+json";
    private const string Database = "admin";
    private const string Labels = "labels";
    private const string Mark = "rotunda";
    private const int PageSize = 500;
    private const int MostPages = 20;
    private const int ShortestPassword = 8;

    /// <summary>How users log in that have no password; each is "NONE" for those that have one.</summary>
    private static readonly string[] OtherLogins = ["awsIAMType", "x509Type", "ldapAuthType", "oidcAuthType"];

    protected override VendorApi Api { get; } = AtlasLogin.Api(Version);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken) => RunAsync(call, async run =>
        {
            run.Register(value.Copy());
            var text = value.RevealText();
            if (text.Length < ShortestPassword)
            {
                return StepOutcome.NewValueNeeded($"Atlas takes passwords of {ShortestPassword} characters and more. Make a longer one.");
            }

            var (account, other) = AccountsOf(run, credential);
            var users = await UsersAsync(run);
            var there = users.GetValueOrDefault(account);
            var like = users.GetValueOrDefault(other) ?? there ?? throw NoUser(run);
            var body = Body(run, account, like, text);
            body[Labels] = LabelsOf(like);
            _ = there is null ? await run.PostAsync(Users(run), body) : await run.PatchAsync(User(run, account), body);
            return StepOutcome.Done(("account", account), ("created", there is null ? "true" : null));
        }, cancellationToken);

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        RunAsync(call, async run =>
        {
            var (account, other) = AccountsOf(run, credential);
            var users = await UsersAsync(run);
            if (users.GetValueOrDefault(account) is not { } user)
            {
                return StepOutcome.AlreadyDone(("account", account), ("revoked", "the user is gone"));
            }

            return users.ContainsKey(other) ? await DeleteAsync(run, account) : await ScrambleAsync(run, account, user);
        }, cancellationToken);

    public async Task<AccountReport> LookAsync(ProviderCall call, CredentialHandle account, CancellationToken cancellationToken)
    {
        var report = new AccountReport(AccountState.CannotTell);
        await RunAsync(call, async run =>
        {
            var (name, _) = AccountsOf(run, account);
            var user = (await UsersAsync(run)).GetValueOrDefault(name);
            report = user is null || IsLocked(user)
                ? new(AccountState.Locked)
                : new(AccountState.Open, $"delete the database user {name} in Atlas (it is made anew, like the one in use).");
            return StepOutcome.Done();
        }, cancellationToken);
        return report;
    }

    protected override void Check(VendorCall call)
    {
        _ = (AccountsOf(call), Users(call), Cluster(call), call.Text(AtlasLogin.ClientId));
    }

    protected override async Task TryOwnAsync(VendorCall call)
    {
        var users = await UsersAsync(call);
        if (users.Count == 0)
        {
            throw NoUser(call);
        }

        if (await MongoLogin.ReachAsync(Cluster(call), Timeout(call), call.Cancellation) is { } problem)
        {
            throw call.Failure(StepOutcome.RetryLater($"{problem} Look at the project's IP access list, too."));
        }
    }

    protected override async Task<Validity> TryAsync(VendorCall call, SecretValue value)
    {
        call.Register(value.Copy());
        var (account, _) = AccountsOf(call, call.Tried!);
        var tried = await MongoLogin.TryAsync(Cluster(call), account, value, Timeout(call), call.Cancellation);
        return tried.Validity == Validity.CannotTell ? throw call.Failure(StepOutcome.RetryLater(tried.Detail!)) : tried.Validity;
    }

    private static async Task<StepOutcome> DeleteAsync(VendorCall call, string account)
    {
        try
        {
            await call.DeleteAsync(User(call, account));
            return StepOutcome.Done(("account", account), ("revoked", "deleted"));
        }
        catch (WebFailureException failure) when (failure.Status == 404)
        {
            return StepOutcome.RetryLater($"{call.System} lists {account}, but does not find it to delete it.");
        }
    }

    /// <summary>For the only one of the two that is left: it alone tells the roles.</summary>
    private static async Task<StepOutcome> ScrambleAsync(VendorCall call, string account, VendorReply user)
    {
        if (IsLocked(user))
        {
            return StepOutcome.AlreadyDone(("account", account), ("revoked", "its password was replaced by one that nobody knows"));
        }

        using var nobodys = call.Register(SecretValue.FromText(RandomNumberGenerator.GetHexString(64, lowercase: true)));
        var body = Body(call, account, user, nobodys.RevealText());
        var labels = LabelsOf(user);
        labels.Add((JsonNode)new JsonObject { ["key"] = Mark, ["value"] = "locked" });
        body[Labels] = labels;
        await call.PatchAsync(User(call, account), body);
        return StepOutcome.Done(("account", account), ("revoked", "its password was replaced by one that nobody knows"));
    }

    private static JsonObject Body(VendorCall call, string account, VendorReply like, string password) => new()
    {
        ["groupId"] = call.Text(AtlasUserDescriptor.Project),
        ["databaseName"] = Database,
        ["username"] = account,
        ["password"] = password,
        ["roles"] = like.Copy("roles"),
        ["scopes"] = like.Copy("scopes") ?? new JsonArray(),
    };

    /// <summary>Without the mark of a locked one.</summary>
    private static JsonArray LabelsOf(VendorReply user) => user.Has(Labels)
        ? [.. user.Copy(Labels)!.AsArray().Where(label => (string?)label?["key"] != Mark).Select(label => label?.DeepClone())]
        : [];

    private static bool IsLocked(VendorReply user) =>
        user.Has(Labels) && user.Items(Labels).Any(label => label.Maybe("key") == Mark);

    private static bool HasNoPassword(VendorReply user) => OtherLogins.Any(other => user.Maybe(other) is not (null or "NONE"));

    /// <summary>Those of the two that exist, by their names.</summary>
    private static async Task<Dictionary<string, VendorReply>> UsersAsync(VendorCall call)
    {
        var names = AccountsOf(call);
        var found = new Dictionary<string, VendorReply>(StringComparer.Ordinal);
        for (var page = 1; page <= MostPages; page++)
        {
            var users = (await call.GetAsync($"{Users(call)}?itemsPerPage={PageSize}&pageNum={page}")).Items("results");
            foreach (var user in users.Where(user => user.Text("databaseName") == Database && names.Contains(user.Text("username"))))
            {
                found[user.Text("username")] = user;
            }

            if (users.Count < PageSize)
            {
                break;
            }
        }

        return found.Values.FirstOrDefault(HasNoPassword) is { } other
            ? throw call.Rejected($"The database user {other.Text("username")} logs in without a password. Give two that have one.")
            : found;
    }

    /// <summary>Only users that the binding names are ever touched.</summary>
    private static (string Account, string Other) AccountsOf(VendorCall call, CredentialHandle credential)
    {
        var (accounts, account) = (AccountsOf(call), credential.Account ?? credential.Id);
        return account is not null && accounts.Contains(account)
            ? (account, accounts.Single(name => name != account))
            : throw call.Rejected(
                $"The credential's user '{account}' is none of those in the settings ({string.Join(", ", accounts)}). Add it there, or "
                    + "correct what the catalog tells as current.");
    }

    private static string[] AccountsOf(VendorCall call)
    {
        var names = call.List(AtlasUserDescriptor.Accounts)?.Select(name => (string)name!).Distinct().ToArray();
        return names is { Length: 2 } ? names : throw call.Rejected("'accounts' does not name two users. Name two that differ.");
    }

    private static WebFailureException NoUser(VendorCall call) => call.Rejected(
        $"Neither of the users {string.Join(" and ", AccountsOf(call))} exists in the project, so nothing tells the roles. Make the first "
            + "one in Atlas, and give it as 'current'.");

    private static MongoUrl Cluster(VendorCall call)
    {
        var (url, problem) = MongoAddress.Read(call.Text(AtlasUserDescriptor.Cluster), AtlasUserDescriptor.Cluster);
        return url ?? throw call.Rejected(problem!);
    }

    private static TimeSpan Timeout(VendorCall call) =>
        call.Settings.Duration(AtlasUserDescriptor.ConnectTimeout, TimeSpan.FromSeconds(15));

    private static VendorPath Users(VendorCall call) =>
        VendorPath.Of($"api/atlas/v2/groups/{call.Text(AtlasUserDescriptor.Project)}/databaseUsers");

    private static VendorPath User(VendorCall call, string account) => VendorPath.Of($"{Users(call)}/{Database}/{account}");
}
