using System.Text;
using HvBindgen.Cli.Printing;
using HvBindgen.Generator;
using HvBindgen.Generator.Output;
using HvBindgen.Generator.Parsing;

namespace HvBindgen.Cli.Sets;

/// <summary>Lists what headers declare and bindings leave out: set, target, place, kind, name, reason, with tabs between them.</summary>
internal static class OmittedReport
{
    /// <summary>Writes the list.</summary>
    /// <param name="file">File, or <c>-</c> for standard output; null writes nothing.</param>
    /// <param name="sets">What was parsed.</param>
    /// <param name="terminal">Standard output.</param>
    internal static void Write(string? file, IReadOnlyList<ParsedSet> sets, Terminal terminal)
    {
        if (file is null)
        {
            return;
        }

        StringBuilder text = new();
        foreach (ParsedSet set in sets)
        {
            for (int index = 0; index < set.Targets.Count; index++)
            {
                IEnumerable<OmittedDeclaration> sorted = set.Parsed[index].Omitted
                    .OrderBy(declaration => declaration.Location.Header, StringComparer.Ordinal)
                    .ThenBy(declaration => declaration.Location.Line);
                foreach (OmittedDeclaration declaration in sorted)
                {
                    text.AppendJoin(
                        '\t', set.Set.Name, set.Targets[index].Name, VisibleText.Of($"{declaration.Location}"), declaration.Kind,
                        VisibleText.Of(declaration.Name), VisibleText.Of(declaration.Reason));
                    text.Append('\n');
                }
            }
        }

        if (file == "-")
        {
            terminal.Out.Write(text);
            return;
        }

        string path = Path.GetFullPath(file);
        OutputPlan plan = new();
        plan.Add(Path.GetDirectoryName(path)!, Path.GetFileName(path), text.ToString());
        plan.Commit();
    }
}
