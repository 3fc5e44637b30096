using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Upstash;

/// <summary>An ACL user with two passwords, over the REST form of Redis: a command is a list of words.</summary>
internal sealed class UpstashUserProvider(VendorAccess access) : KeyVendor(UpstashUserDescriptor.Instance, access)
{
    private const string Result = "result";
    private const string Passwords = "passwords";

    protected override VendorApi Api { get; } = new("Upstash", "", VendorAuth.Bearer(UpstashUserDescriptor.Token), "error")
    {
        Minted = VendorAuth.Bearer(""),
    };

    protected override void Check(VendorCall call)
    {
        if (User(call) is not { Length: > 0 } user || user == "default" || user.Any(char.IsWhiteSpace))
        {
            throw call.Rejected("'user' names no ACL user that can be changed: Upstash keeps 'default' as it is. Name another one.");
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var before = await HashesAsync(call);
        using var token = (await call.CommandAsync(Root, changes: false, "ACL", "GENTOKEN", User(call))).Secret(Result);
        try
        {
            await SetAsync(call, "on", $">{token.RevealText()}");
        }
        catch (WebFailureException failure) when (failure.Outcome.Kind == StepOutcomeKind.Unknown)
        {
            // Nothing else will ever know this token: whether the user has it is looked at before it is forgotten.
            if ((await HashesAsync(call)).Except(before).Any())
            {
                return await MintedAsync(call, before, token);
            }

            await SetAsync(call, "on", $">{token.RevealText()}");
        }

        return await MintedAsync(call, before, token);
    }

    protected override async IAsyncEnumerable<Listed> ListAsync(VendorCall call)
    {
        foreach (var hash in await HashesAsync(call))
        {
            yield return new(hash, null);
        }
    }

    /// <summary>Who may not PING is known all the same.</summary>
    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"ping").Means(
        valid: [200],
        invalid: [401],
        reply => reply.Maybe("error") is not { } error ? null
            : error.Contains("NOPERM", StringComparison.Ordinal) ? Validity.Valid
            : error.Contains("WRONGPASS", StringComparison.Ordinal) ? Validity.Invalid
            : null);

    protected override async Task DeleteAsync(VendorCall call, string id)
    {
        var hashes = await HashesAsync(call);
        if (!hashes.Contains(id))
        {
            throw call.Missing(id);
        }

        RequireOther(call, hashes);
        await SetAsync(call, $"!{id}");
    }

    protected override async Task EndAsync(VendorCall call, SecretValue value)
    {
        if (call.IsUndo)
        {
            RequireOther(call, await HashesAsync(call));
        }

        await SetAsync(call, $"<{value.RevealText().Trim()}");
    }

    protected override Task TryOwnAsync(VendorCall call) => HashesAsync(call);

    private static VendorPath Root => VendorPath.Of($"");

    private static string User(VendorCall call) => call.Text(UpstashUserDescriptor.User);

    /// <summary>The way back leaves the token that was in use before, or nothing is taken away.</summary>
    private static void RequireOther(VendorCall call, IReadOnlyList<string> hashes)
    {
        if (call.IsUndo && hashes.Count == 1)
        {
            throw call.Rejected(
                $"The new token is the only one of '{User(call)}': the one in use before was taken away, by hand perhaps. Without it "
                    + $"nobody could log in, so it stays. Give the user the one that is in use again (ACL SETUSER {User(call)} >…), and "
                    + "let the rotation go on.");
        }
    }

    private static Task<VendorReply> SetAsync(VendorCall call, params string[] rules) =>
        call.CommandAsync(Root, changes: true, ["ACL", "SETUSER", User(call), .. rules]);

    private static async Task<Minted> MintedAsync(VendorCall call, IReadOnlyList<string> before, SecretValue token)
    {
        var fresh = (await HashesAsync(call)).Except(before).ToList();
        return fresh.Count == 1 ? new(fresh[0], call.Register(token.Copy())) : throw call.Failure(StepOutcome.Unknown(
            fresh.Count == 0 ? "Upstash took the new token, and does not list it."
                : "Somebody else gave the user a token at the same time."));
    }

    /// <summary>Those of the user's passwords. The answer is a list of names and what they have, or a map.</summary>
    private static async Task<IReadOnlyList<string>> HashesAsync(VendorCall call)
    {
        var reply = await call.CommandAsync(Root, changes: false, "ACL", "GETUSER", User(call));
        if (!reply.Has(Result))
        {
            throw call.Rejected($"The database has no ACL user '{User(call)}'. Make it with all that it may do, or correct the name.");
        }

        if (reply.IsList(Result))
        {
            var parts = reply.Items(Result);
            var index = parts.TakeWhile(part => part.Own != Passwords).Count() + 1;
            return index < parts.Count ? Texts(parts[index].Items()) : [];
        }

        return Texts(reply.At(Result).Items(Passwords));
    }

    private static IReadOnlyList<string> Texts(IEnumerable<VendorReply> items) => [.. items.Select(item => item.Own!)];
}
