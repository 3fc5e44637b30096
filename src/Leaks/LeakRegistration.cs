using Microsoft.Extensions.DependencyInjection;
using Rotunda.Leaks.Desk;
using Rotunda.Leaks.GitHub;
using Rotunda.Leaks.Http;
using Rotunda.Leaks.Matching;
using Rotunda.Leaks.Run;

namespace Rotunda.Leaks;

public static class LeakRegistration
{
    /// <summary>What looks after leaks. The desk registers <see cref="ILeakDesk"/>.</summary>
    public static IServiceCollection AddRotundaLeaks(this IServiceCollection services) => services
        .AddSingleton<FingerprintSource>()
        .AddSingleton<LeakDesk>()
        .AddSingleton<LeakLimit>()
        .AddSingleton<LeakTurn>()
        .AddSingleton<GitHubAlerts>()
        .AddSingleton<AlertDesk>()
        .AddSingleton<AlertTurn>()
        .AddSingleton<LeakRequests>();
}
