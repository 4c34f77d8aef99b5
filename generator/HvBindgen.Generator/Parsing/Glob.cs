using System.IO.Enumeration;

namespace HvBindgen.Generator.Parsing;

/// <summary>Name patterns of the configuration: <c>*</c> is any run of characters, <c>?</c> any single one.</summary>
internal static class Glob
{
    internal static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    internal static bool MatchesAny(IReadOnlyList<string> patterns, string name)
    {
        foreach (string pattern in patterns)
        {
            if (Matches(pattern, name))
            {
                return true;
            }
        }

        return false;
    }
}
