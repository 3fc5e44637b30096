using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Tells people something.</summary>
/// <remarks>
/// A message may be sent again after a lost answer: where the system takes a key that tells the two apart, the message's id is that
/// key. The outcome's reason never holds what the channel's own credentials are.
/// </remarks>
public interface ISendNotices
{
    Task<StepOutcome> SendAsync(ProviderCall call, NoticeMessage message, CancellationToken cancellationToken);
}
