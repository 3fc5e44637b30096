using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>How many columns a query has, so that an answer has as many.</summary>
internal static class TdsColumns
{
    public static int CountOf(string text)
    {
        using var reader = new StringReader(text);
        var script = (TSqlScript)new TSql170Parser(initialQuotedIdentifiers: true).Parse(reader, out _);
        var query = script.Batches[0].Statements[^1] is SelectStatement select ? select.QueryExpression
            : throw new FakeVendorException("Rows of a statement that is no query.");
        while (query is BinaryQueryExpression both)
        {
            query = both.FirstQueryExpression;
        }

        return ((QuerySpecification)query).SelectElements.Count;
    }
}
