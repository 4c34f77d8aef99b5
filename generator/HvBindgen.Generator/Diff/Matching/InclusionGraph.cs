using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Tells whether a program that includes one header gets another one with it.</summary>
internal sealed class InclusionGraph
{
    private readonly Dictionary<string, EquatableArray<string>> includes = new(StringComparer.Ordinal);

    internal InclusionGraph(AbiModel model)
    {
        foreach (AbiInclusion inclusion in model.Inclusions)
        {
            includes[inclusion.Header] = inclusion.Includes;
        }
    }

    internal bool Reaches(string from, string to)
    {
        HashSet<string> seen = new(StringComparer.Ordinal) { from };
        Queue<string> waiting = new([from]);
        while (waiting.TryDequeue(out string? header))
        {
            foreach (string next in includes.GetValueOrDefault(header, []))
            {
                if (next == to)
                {
                    return true;
                }

                if (seen.Add(next))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return false;
    }
}
