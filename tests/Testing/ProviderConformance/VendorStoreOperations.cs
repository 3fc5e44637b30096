using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>The methods of a store, with their exceptions read as outcomes.</summary>
internal static class VendorStoreOperations
{
    private const string Name = "conformance";
    private const string Owner = "rotunda-conformance-1";

    public static IEnumerable<VendorOperation> Of(VendorEnvironment environment, Func<string> newValue)
    {
        if (environment.Provider.Can<IOpenStore>() is not { } opener)
        {
            yield break;
        }

        var text = newValue();
        SecretRef? stored = null;
        ISecretStore Store(int attempt = 1) => opener.Open("main", environment.Call(attempt).Settings, environment.Time);

        async Task PutAsync()
        {
            using var value = SecretValue.FromText(text);
            stored = await Store().PutPendingAsync(Name, Owner, value, default);
        }

        async Task PutPromotedAsync()
        {
            await PutAsync();
            await Store().PromoteAsync(stored!, default);
        }

        async Task ReplacedAsync()
        {
            await PutPromotedAsync();
            using var value = SecretValue.FromText(newValue());
            var next = await Store().PutPendingAsync(Name, "rotunda-conformance-2", value, default);
            await Store().PromoteAsync(next, default);
        }

        yield return Operation("Check", () => Task.CompletedTask, attempt => Store(attempt).CheckAsync(default));
        yield return Operation("PutPending", () => Task.CompletedTask, async attempt =>
        {
            using var value = SecretValue.FromText(text);
            stored = await Store(attempt).PutPendingAsync(Name, Owner, value, default);
        });
        yield return Operation("Find", PutAsync, async attempt => Same(stored, await Store(attempt).FindAsync(Name, Owner, default)));
        yield return Operation("Promote", PutAsync, attempt => Store(attempt).PromoteAsync(stored!, default));
        yield return Operation("Get", PutAsync, async attempt =>
        {
            using var value = await Store(attempt).GetAsync(stored!, default);
            Same(text, value.RevealText());
        });
        yield return Operation("Current", PutPromotedAsync, async attempt =>
        {
            using var value = await Store(attempt).GetAsync((await Store(attempt).CurrentAsync(Name, default))!, default);
            Same(text, value.RevealText());
        });
        yield return Operation("Drop", PutAsync, attempt => Store(attempt).DropAsync(stored!, default));
        yield return Operation("CheckName", PutPromotedAsync, attempt => Store(attempt).CheckAsync(Name, default));
        yield return Operation("Discard", ReplacedAsync, attempt => Store(attempt).DiscardAsync(stored!, default));
    }

    private static VendorOperation Operation(string name, Func<Task> prepare, Func<int, Task> run) => new(name, prepare, async attempt =>
    {
        try
        {
            await run(attempt);
            return new(StepOutcome.Done());
        }
        catch (StoreUnavailableException exception)
        {
            return new(StepOutcome.RetryLater(exception.Message, exception.RetryAfter), Told: exception);
        }
    });

    private static void Same<T>(T expected, T actual)
    {
        if (!Equals(expected, actual))
        {
            throw new InvalidOperationException("The store gave back something else than was stored.");
        }
    }
}
