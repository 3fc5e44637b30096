using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Generated;

/// <summary>Only a descriptor: the Generate step makes the value by the policy's rule, and no system has to be told.</summary>
internal sealed class GeneratedProvider : IProvider
{
    public ProviderDescriptor Descriptor => GeneratedDescriptor.Instance;
}
