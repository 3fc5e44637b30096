using System.CommandLine;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Selection;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

/// <summary>Where a command finds the tokens: in a data directory, or behind a server's HTTP surface.</summary>
internal abstract class TokenPlace : IDisposable
{
    /// <summary>
    /// The data directory that was named with --data. Else the server, for who acts with a token of their own or names another
    /// machine. Else this machine's data directory.
    /// </summary>
    public static TokenPlace Of(ParseResult parsed)
    {
        var (named, url) = (IsGiven(parsed, CommonOptions.Data), parsed.GetValue(CommonOptions.Url)!);
        return named && IsGiven(parsed, CommonOptions.Url)
            ? throw new CommandException(
                ExitCodes.CannotWork,
                "--data names a directory's tokens, and --url a server's. Give one of them.")
            : !named && (CommonOptions.FromEnvironment("ROTUNDA_TOKEN") is not null || !ServerAddress.Parse(url).IsLoopback)
            ? new Server(CommonOptions.Client(parsed))
            : new Folder(Open(parsed));
    }

    public abstract Task<IReadOnlyList<TokenView>> ListAsync(CancellationToken cancellationToken);

    public abstract Task<NewTokenView> CreateAsync(TokenBody asked, CancellationToken cancellationToken);

    public abstract Task RevokeAsync(string name, CancellationToken cancellationToken);

    /// <param name="expires">A duration, or never; null for the usual lifetime.</param>
    public abstract Task<TokenView> RenewAsync(string name, string? expires, CancellationToken cancellationToken);

    public abstract void Dispose();

    private const string OrElse = "; or give the server's address with --url, and a token of an admin in ROTUNDA_TOKEN";

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static TokenFile Open(ParseResult parsed)
    {
        var data = DataDirectory.Look(parsed.GetValue(CommonOptions.Data)!);
        return DataDirectory.Holds(data.TokenFile, OrElse) || Directory.Exists(data.Path)
            ? new TokenFile(data.TokenFile, TimeProvider.System)
            : throw new CommandException(
                ExitCodes.CannotWork,
                $"There is no data directory {data.Path}. Give the server's with --data; or its address with --url, and a token of "
                    + "an admin in ROTUNDA_TOKEN.");
    }

    /// <summary>Changes the file itself; a running server takes the change at once.</summary>
    private sealed class Folder(TokenFile file) : TokenPlace
    {
        public override Task<IReadOnlyList<TokenView>> ListAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<TokenView>>([.. file.Read().Select(TokenView.Of)]);

        public override Task<NewTokenView> CreateAsync(TokenBody asked, CancellationToken cancellationToken)
        {
            var role = Enum.Parse<Role>(asked.Role!, ignoreCase: true);
            var lifetime = TokenCommands.Lifetime(asked.Expires);
            var (record, token) = Change(() => file.Create(new NewToken(asked.Name!, role, lifetime, asked.Owner) { On = On(asked.On) }));
            return Task.FromResult(new NewTokenView(record.Name, record.Role, token));
        }

        public override Task RevokeAsync(string name, CancellationToken cancellationToken) =>
            Change(() => file.Revoke(name)) is not null
                ? Task.CompletedTask
                : throw new CommandException(
                    ExitCodes.CannotWork,
                    $"There is no token named '{name}' that could be revoked. See all with: rotunda token list");

        public override Task<TokenView> RenewAsync(string name, string? expires, CancellationToken cancellationToken) =>
            Change(() => file.Renew(name, TokenCommands.Lifetime(expires))) is { } renewed
                ? Task.FromResult(TokenView.Of(renewed))
                : throw new CommandException(
                    ExitCodes.CannotWork,
                    $"There is no token named '{name}' that could be renewed. See all with: rotunda token list");

        public override void Dispose()
        {
        }

        private static IReadOnlyList<Selector>? On(IReadOnlyList<string>? given) => given is not { Count: > 0 } ? null
            : [.. given.Select(text => Selector.TryParse(text) ?? throw new CommandException(
                ExitCodes.CannotWork, $"'{text}' is no selector. Give one such as owner=platform, tag=payments or name=pay-*."))];

        private static T Change<T>(Func<T> change)
        {
            try
            {
                return change();
            }
            catch (TokenRefusedException refused)
            {
                throw new CommandException(ExitCodes.CannotWork, refused.Message);
            }
        }
    }

    private sealed class Server(ApiClient client) : TokenPlace
    {
        public override async Task<IReadOnlyList<TokenView>> ListAsync(CancellationToken cancellationToken) =>
            (await client.GetAsync("api/tokens", ApiJson.Default.TokenList, cancellationToken)).Tokens;

        public override Task<NewTokenView> CreateAsync(TokenBody asked, CancellationToken cancellationToken) =>
            client.PostAsync(
                "api/tokens", asked, ApiJson.Default.TokenBody, ApiJson.Default.NewTokenView, idempotencyKey: null, cancellationToken);

        public override Task RevokeAsync(string name, CancellationToken cancellationToken) =>
            client.PostAsync($"api/tokens/{Uri.EscapeDataString(name)}/revoke", ApiJson.Default.TokenView, cancellationToken);

        public override Task<TokenView> RenewAsync(string name, string? expires, CancellationToken cancellationToken) =>
            client.PostAsync(
                $"api/tokens/{Uri.EscapeDataString(name)}/renew", new RenewBody(expires), ApiJson.Default.RenewBody,
                ApiJson.Default.TokenView, idempotencyKey: null, cancellationToken);

        public override void Dispose() => client.Dispose();
    }
}
