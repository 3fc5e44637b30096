namespace Rotunda.Interpreter;

/// <summary>A control point is where a rotation is when it looks at a message. What a verb does depends on it.</summary>
internal enum ControlPoint
{
    /// <summary>Between steps, or in the pause before another attempt. Also while steps are undone to make another value.</summary>
    Running = 0,
    Approval = 1,
    Grace = 2,
    /// <summary>Waiting for proof that nobody uses the old credential.</summary>
    Evidence = 3,
    RollingBack = 4,
    Stuck = 5,
    /// <summary>Stuck at the grace period or the evidence gate, which a person may skip.</summary>
    StuckAtGate = 6,
    StuckRollingBack = 7,
    /// <summary>The plan is of an interpreter that this release does not have.</summary>
    StuckAtVersion = 8,
    /// <summary>Between two slices of a step.</summary>
    Slicing = 9,
    Paused = 10,
    /// <summary>Between two slices of an undo.</summary>
    SlicingBack = 11,
    PausedRollingBack = 12,
    /// <summary>What ends the old credential is held: until a target has the new value, or the clock is believed.</summary>
    Hold = 13,
    /// <summary>A person is to give a value.</summary>
    Value = 14,
    /// <summary>A person is to end the old credential.</summary>
    OldEnds = 15,
}
