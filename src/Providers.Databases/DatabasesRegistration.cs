using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Atlas;
using Rotunda.Providers.Databases.Ldap;
using Rotunda.Providers.Databases.MongoDb;
using Rotunda.Providers.Databases.Neon;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Providers.Databases.Redis;
using Rotunda.Providers.Databases.Upstash;
using Rotunda.Providers.Databases.VaultDatabase;
using Rotunda.Providers.Vendors;

namespace Rotunda.Providers.Databases;

public static class DatabasesRegistration
{
    /// <summary>Registers every provider of accounts in databases, and of what stands before them. MySQL and SQL Server have an assembly of
    /// their own.</summary>
    public static IServiceCollection AddDatabases(this IServiceCollection services)
    {
        services.TryAddSingleton<VendorAccess>();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, AtlasUserProvider>(),
            ServiceDescriptor.Singleton<IProvider, LdapProvider>(),
            ServiceDescriptor.Singleton<IProvider, MongoProvider>(),
            ServiceDescriptor.Singleton<IProvider, NeonRoleProvider>(),
            ServiceDescriptor.Singleton<IProvider, NeonRolesProvider>(),
            ServiceDescriptor.Singleton<IProvider, PgBouncerProvider>(),
            ServiceDescriptor.Singleton<IProvider, PoolerLoginProvider>(),
            ServiceDescriptor.Singleton<IProvider, PostgresProvider>(),
            ServiceDescriptor.Singleton<IProvider, RedisProvider>(),
            ServiceDescriptor.Singleton<IProvider, UpstashPasswordProvider>(),
            ServiceDescriptor.Singleton<IProvider, UpstashUserProvider>(),
            ServiceDescriptor.Singleton<IProvider, VaultLeaseProvider>(),
            ServiceDescriptor.Singleton<IProvider, VaultStaticProvider>(),
        ]);
        return services;
    }
}
