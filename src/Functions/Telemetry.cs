using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rotunda.Api.Head;

namespace Rotunda.Functions;

internal static class Telemetry
{
    /// <summary>
    /// Sends the head's own log to Application Insights with its fields. Nothing is sampled here, so no error is dropped: a head
    /// writes little. The SDK's default filter, which lets nothing below a warning through, is taken away.
    /// </summary>
    public static void AddTelemetry(this FunctionsApplicationBuilder builder, HeadOptions options)
    {
        if (!options.ApplicationInsights)
        {
            return;
        }

        builder.Services.AddApplicationInsightsTelemetryWorkerService(insights => insights.EnableAdaptiveSampling = false);
        builder.Services.ConfigureFunctionsApplicationInsights();
        builder.Services.Configure<LoggerFilterOptions>(filters =>
        {
            const string provider = "ApplicationInsightsLoggerProvider";
            foreach (var rule in filters.Rules.ToList().Where(r => r.ProviderName?.EndsWith(provider, StringComparison.Ordinal) == true))
            {
                filters.Rules.Remove(rule);
            }
        });
    }
}
