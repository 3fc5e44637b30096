using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Exec;

internal sealed class ExecProvider : ContractProvider
{
    /// <summary>Exit codes with a meaning of their own. No common program ends with one of them by accident.</summary>
    public const int Rejected = 110;
    public const int RetryLater = 111;
    public const int NewValueNeeded = 112;

    public override ProviderDescriptor Descriptor => ExecDescriptor.Instance;

    protected override async Task<ReadOnlyMemory<byte>> ExchangeAsync(
        ProviderCall call,
        ContractRequest request,
        CancellationToken cancellationToken)
    {
        var setup = ExecSetup.Read(call.Settings);
        request.AskedOf = setup.Program;
        var (code, output) = await ExecClient.RunAsync(setup, request, call.Time, cancellationToken);
        if (code == 0)
        {
            return output;
        }

        var why = $"{setup.Program} ended with code {code.ToString(CultureInfo.InvariantCulture)}{ReasonIn(request, output)}";
        throw code switch
        {
            Rejected => new OutcomeException(StepOutcome.Rejected(why)),
            RetryLater => new OutcomeException(StepOutcome.RetryLater(why)),
            NewValueNeeded => new OutcomeException(StepOutcome.NewValueNeeded(why)),
            _ => request.Unclear(why),
        };
    }

    private const string NoReason = " and no reason. Run it by hand to see why.";

    protected override Task<StepOutcome> CheckAsync(ProviderCall call, CancellationToken cancellationToken) =>
        Task.FromResult(StepOutcome.Done(("program", ExecSetup.Read(call.Settings).Program)));

    private static string ReasonIn(ContractRequest request, byte[] output)
    {
        try
        {
            using var reply = ContractReply.Parse(request, output);
            return reply.Reason is { } reason ? $": {reason}" : NoReason;
        }
        catch (OutcomeException)
        {
            return NoReason;
        }
    }
}
