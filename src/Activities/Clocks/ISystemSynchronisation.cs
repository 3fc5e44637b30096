namespace Rotunda.Activities.Clocks;

/// <summary>What the system says of its own clock.</summary>
public interface ISystemSynchronisation
{
    /// <summary>False if nothing keeps it right; null where the system does not tell.</summary>
    bool? IsSynchronised();
}
