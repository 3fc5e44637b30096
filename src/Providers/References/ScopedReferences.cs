using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.References;

/// <summary>Registers what references lead to, too.</summary>
public sealed class ScopedReferences(IReferenceResolver inner, SecretScope scope) : IReferenceResolver
{
    public async Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken) =>
        scope.Register(await inner.ResolveAsync(reference, cancellationToken));
}
