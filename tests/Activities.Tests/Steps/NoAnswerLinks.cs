using Rotunda.Activities.Notices;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>Nothing is asked of anybody.</summary>
internal sealed class NoAnswerLinks : IAnswerLinks
{
    public Task<AnswerLink?> MakeAsync(string rotationId, string stepId, string person, CancellationToken cancellationToken) =>
        Task.FromResult<AnswerLink?>(null);

    public Task<bool> IsAskedAsync(string rotationId, string stepId, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task EndAsync(string rotationId, string person, CancellationToken cancellationToken) => Task.CompletedTask;
}
