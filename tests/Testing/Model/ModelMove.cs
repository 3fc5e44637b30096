using System.Runtime.InteropServices;

namespace Rotunda.Testing.Model;

public enum ModelMoveKind
{
    /// <summary>An activity runs, and its answer comes.</summary>
    Run,
    /// <summary>It has its effect, and the answer is lost.</summary>
    LoseReply,
    /// <summary>It has no effect, and says so.</summary>
    Refuse,
    /// <summary>The process dies after its effect, and it runs again.</summary>
    RunTwice,
    /// <summary>A timer fires.</summary>
    Fire,
    /// <summary>A person says something.</summary>
    Say,
    /// <summary>The ledger takes an emergency; the rotation under way is fenced off, and does not know it yet.</summary>
    TakeOver,
    /// <summary>The rotation that was taken over is told so.</summary>
    TellSuperseded,
    /// <summary>Its orchestration is lost, and started anew from the ledger alone.</summary>
    CarryOver,
}

/// <summary>One thing that can happen next.</summary>
/// <param name="Rotation">Its number.</param>
/// <param name="Operation">Of the activity or the timer; for what a person says, the verb.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ModelMove(ModelMoveKind Kind, int Rotation, int Operation = 0);
