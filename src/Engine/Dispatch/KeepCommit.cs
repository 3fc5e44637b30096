using Rotunda.Engine.History;
using Rotunda.Engine.Storage;

namespace Rotunda.Engine.Dispatch;

/// <summary>Puts the results of activities that ended while their instance is stuck into its inbox.</summary>
internal sealed class KeepCommit(InstanceActor actor, List<Deliver> results) : Commit
{
    public override void Write(HubWriter hub)
    {
        foreach (var result in results)
        {
            hub.InsertInbox(actor.Key, result.Generation, HistoryJson.Write(result.Received));
        }
    }

    protected override void Committed() => actor.TurnEnded();

    protected override void Failed(Exception failure) => actor.Fail([], failure);
}
