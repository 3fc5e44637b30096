using Rotunda.Interpreter;

namespace Rotunda.Api.Desk;

/// <summary>Whether a message is passed on.</summary>
/// <param name="Kept">Why it is not; null to pass it on.</param>
/// <param name="Message">As it is passed on.</param>
internal readonly record struct Weighed(ControlOutcome? Kept, ControlMessage Message);
