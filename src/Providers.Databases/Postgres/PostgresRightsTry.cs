using System.Data;
using Npgsql;
using Rotunda.Postgres;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>A login is no proof of use: runs the statement that the policy asks every login to be able to run. It only reads, and what it
/// answers is not looked at.</summary>
internal static class PostgresRightsTry
{
    /// <param name="connection">Open, as the account.</param>
    public static async Task<Verification> RunAsync(
        PostgresSetup setup,
        NpgsqlConnection connection,
        string at,
        string account,
        CancellationToken cancellationToken)
    {
        if (setup.VerifySql is not { } sql)
        {
            return new(Validity.Valid, $"Logged in at {at} as {account}.");
        }

        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            await using (var readOnly = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection))
            {
                await readOnly.ExecuteNonQueryAsync(cancellationToken);
            }

            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = setup.Admin.Timeout };
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.RollbackAsync(cancellationToken);
            return new(Validity.Valid, $"Logged in at {at} as {account}, and ran 'verifySql'.");
        }
        catch (PostgresException refused) when (!SqlStates.IsPassing(refused.SqlState))
        {
            return new(Validity.Invalid, $"{account} cannot run 'verifySql' at {at}: {Meaning(refused)}.") { Authenticates = true };
        }
        catch (Exception passing) when (PostgresFailures.Explains(passing))
        {
            return new(
                Validity.CannotTell,
                $"'verifySql' did not come to an end at {at} as {account} "
                    + $"({(passing as PostgresException)?.SqlState ?? passing.GetType().Name}).");
        }
    }

    /// <summary>What the server says of names and rights holds no row's value; what it says of values may.</summary>
    private static string Meaning(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.ReadOnlySqlTransaction => $"it changes something (SQLSTATE {refused.SqlState}); give one that only reads",
        PostgresErrorCodes.InsufficientPrivilege => $"{refused.MessageText} (SQLSTATE {refused.SqlState}); grant it that right",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction
            or PostgresErrorCodes.InvalidSchemaName =>
            $"{refused.MessageText} (SQLSTATE {refused.SqlState}); see the statement, and the login's search_path",
        PostgresErrorCodes.SyntaxError => $"{refused.MessageText} (SQLSTATE {refused.SqlState}); see the statement",
        _ => $"the server refuses it (SQLSTATE {refused.SqlState}), and its log says why",
    };
}
