using System.CommandLine;
using Rotunda.Access;
using Rotunda.Campaigns.Selection;
using Rotunda.Rotation.Words;
using Rotunda.Server.SignIn;

namespace Rotunda.Server.Commands;

/// <summary>The options of <c>serve</c> that say how people sign in.</summary>
internal static class SignInOptions
{
    private static readonly Option<string?> Authority = new("--oidc-authority")
    {
        Description = "The address of the identity provider (OpenID Connect) where people sign in.",
        HelpName = "URL",
    };

    private static readonly Option<string?> Client = new("--oidc-client-id")
    {
        Description = "As what Rotunda is known there. Its address to come back to is /sign-in/callback.",
        HelpName = "ID",
    };

    private static readonly Option<string?> Secret = new("--oidc-client-secret")
    {
        Description = "Where the client's secret is: env:NAME, file:PATH, store:NAME or key-vault:NAME.",
        HelpName = "REF",
    };

    private static readonly Option<string> Claim = new("--oidc-roles-claim")
    {
        Description = "The claim with a person's roles or groups.",
        DefaultValueFactory = _ => "roles",
        HelpName = "NAME",
    };

    private static readonly Option<string[]> RoleWords = new("--oidc-role")
    {
        Description = "What stands for a role in that claim, as approver=GROUP. May be given several times. Left out: the roles' own "
            + "names.",
        DefaultValueFactory = _ => [],
        HelpName = "ROLE=WORD",
    };

    private static readonly Option<string[]> Scopes = new("--oidc-scope")
    {
        Description = "What is asked for besides openid and profile. May be given several times.",
        DefaultValueFactory = _ => [],
        HelpName = "SCOPE",
    };

    private static readonly Option<string> Fresh = Duration(
        "--oidc-fresh", "15m", "How old a sign-in may be when something is approved; an older one is asked for again. 0s: any age.");

    private static readonly Option<string> Idle = Duration(
        "--session-idle", "2h", "When a browser is signed out that nobody uses.");

    private static readonly Option<string> Longest = Duration(
        "--session", "12h", "When a browser is signed out in any case.");

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Authority, Client, Secret, Claim, RoleWords, Scopes, Fresh, Idle, Longest })
        {
            command.Add(option);
        }
    }

    public static SignInTimes Times(ParseResult parsed)
    {
        var (idle, longest) = (Span(parsed, Idle), Span(parsed, Longest));
        var fresh = Span(parsed, Fresh);
        return idle > TimeSpan.Zero && longest > TimeSpan.Zero && longest <= TimeSpan.FromDays(30)
            ? new SignInTimes(idle, longest, fresh == TimeSpan.Zero ? null : fresh)
            : throw Wrong("A session lasts for at most 30d. Give --session and --session-idle such as 12h and 2h.");
    }

    /// <summary>Null if there is none.</summary>
    public static ProviderOptions? Provider(ParseResult parsed)
    {
        if (parsed.GetValue(Authority) is not { } authority)
        {
            return parsed.GetValue(Client) is null && parsed.GetValue(Secret) is null
                ? null
                : throw Wrong("--oidc-client-id and --oidc-client-secret go with --oidc-authority. Give that one too.");
        }

        var secret = parsed.GetValue(Secret);
        return new(
            Address(authority),
            parsed.GetValue(Client) ?? throw Wrong("--oidc-authority needs --oidc-client-id: as what Rotunda is known there."),
            secret is null || secret.Split(':')[0] is "env" or "file" or "store" or "key-vault"
                ? secret
                : throw Wrong(
                    "--oidc-client-secret takes where the secret is, not the secret: env:NAME, file:PATH, store:NAME or key-vault:NAME."),
            parsed.GetValue(Claim)!,
            Roles(parsed.GetValue(RoleWords)!),
            [.. new[] { "openid", "profile" }.Union(parsed.GetValue(Scopes)!, StringComparer.Ordinal)]);
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
            ? address
            : throw Wrong($"'{text}' is no address of an identity provider. Give an https:// address with --oidc-authority.");

    private static RoleClaims Roles(string[] given) => given.Length == 0
        ? new RoleClaims()
        : new RoleClaims(given.Select(Pair).Where(pair => pair.On is null).GroupBy(pair => pair.Role).ToDictionary(
            role => role.Key, IReadOnlyList<string> (role) => [.. role.Select(pair => pair.Word)]))
        {
            Grants = [.. given.Select(Pair).Where(pair => pair.On is not null).Select(pair => (pair.Word, new Grant(pair.Role, pair.On!)))],
        };

    /// <summary>approver=GROUP, or for some secrets only: approver=GROUP on owner=platform.</summary>
    private static (Role Role, string Word, Selector? On) Pair(string text)
    {
        if (text.Split('=', 2) is not [var role, { Length: > 0 } rest]
            || Enum.GetNames<Role>().FirstOrDefault(name => string.Equals(name, role, StringComparison.OrdinalIgnoreCase)) is not { } known)
        {
            throw Wrong($"'{text}' says no role. Give --oidc-role such as approver=GROUP, with viewer, operator, approver or admin.");
        }

        var (given, at) = (Enum.Parse<Role>(known), rest.LastIndexOf(" on ", StringComparison.Ordinal));
        return at < 0 ? (given, rest, null)
            : given == Role.Admin ? throw Wrong($"'{text}': an admin is one for all secrets. Leave the selector out.")
            : (given, rest[..at], Selector.TryParse(rest[(at + 4)..])
                ?? throw Wrong($"'{text}' has no selector behind 'on'. Give one such as owner=platform, tag=payments or name=pay-*."));
    }

    private static Option<string> Duration(string name, string usual, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => usual,
        HelpName = "DURATION",
    };

    private static TimeSpan Span(ParseResult parsed, Option<string> option) =>
        DurationText.TryParse(parsed.GetValue(option), out var span) && span >= TimeSpan.Zero
            ? span
            : throw Wrong($"'{parsed.GetValue(option)}' is not a duration. Give one like 2h with {option.Name}.");

    private static CommandException Wrong(string message) => new(ExitCodes.CannotWork, message);
}
