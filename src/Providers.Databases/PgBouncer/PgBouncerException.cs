using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>A pooler refused, or could not be asked. Never leaves the provider; the outcome is the answer while nothing has
/// happened.</summary>
internal sealed class PgBouncerException(StepOutcome outcome) : OutcomeException(outcome);
