using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Providers.SqlDatabases.SqlServer;

namespace Rotunda.Providers.SqlDatabases;

public static class SqlDatabasesRegistration
{
    /// <summary>Registers the providers of accounts in MySQL, MariaDB and SQL Server.</summary>
    public static IServiceCollection AddSqlDatabases(this IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IProvider, MySqlPasswordProvider>(),
            ServiceDescriptor.Singleton<IProvider, MySqlUsersProvider>(),
            ServiceDescriptor.Singleton<IProvider, SqlServerProvider>(),
        ]);
        return services;
    }
}
