using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Rotunda.Activities.Steps;
using Rotunda.Api.Http;
using Rotunda.Telemetry.Health;
using Rotunda.Telemetry.Metrics;
using Rotunda.Telemetry.Numbers;
using Rotunda.Telemetry.Sending;

namespace Rotunda.Telemetry;

/// <summary>Wires metrics and traces into a head.</summary>
public static class TelemetryRegistration
{
    private const string Engine = "Rotunda.Engine";

    /// <summary>Metrics for <c>/metrics</c>, and by OTLP what the options say. The head has the desk and IReadiness already.</summary>
    public static IServiceCollection AddRotundaTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        services.AddSingleton(options)
            .AddSingleton<SightNumbers>()
            .AddSingleton(provider => new SightMeter(
                options.Meter, provider.GetRequiredService<SightNumbers>(), provider.GetRequiredService<TimeProvider>(),
                options.SendMetrics))
            .AddSingleton<IMetricsPage, MetricsPage>()
            .AddSingleton<ISecretsHealth, SecretsHealth>();
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource =>
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say otherwise.
            resource.AddService("rotunda", serviceVersion: Version).AddEnvironmentVariableDetector());
        telemetry.WithMetrics(metrics => Measure(metrics, options));
        services.AddHostedService<FirstNumbers>();
        if (options.SendTraces)
        {
            OutsideSpans.SendNothingOut();
            telemetry.WithTracing(traces => traces
                .AddSource(OutsideCall.TelemetryName)
                .AddHttpClientInstrumentation(http => http.FilterHttpRequestMessage = _ => OutsideSpans.IsInRotation())
                .AddProcessor(new OutsideSpans())
                .AddOtlpExporter());
        }

        return services;
    }

    private static string Version => typeof(TelemetryRegistration).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static void Measure(MeterProviderBuilder metrics, TelemetryOptions options)
    {
        metrics.AddMeter(options.Meter, OutsideCall.TelemetryName, Engine)
            .AddInstrumentation(provider => provider.GetRequiredService<SightMeter>())
            .AddPrometheusExporter(exporter =>
            {
                exporter.ScopeInfoEnabled = false;
                // The numbers that take effort are kept already, and older ones would contradict the page.
                exporter.ScrapeResponseCacheDurationMilliseconds = 0;
            });
        if (options.SendMetrics)
        {
            metrics.AddOtlpExporter();
        }
    }
}
