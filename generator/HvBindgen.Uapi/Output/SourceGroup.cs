using HvBindgen.Generator.Model;

namespace HvBindgen.Uapi.Output;

/// <summary>Some of the files, by their names: those that were in a group stay in it whatever other files come and go.</summary>
/// <remarks>
/// Roslyn compares what a step gives by position. A file that comes would move all behind it, and each would be added and parsed again.
/// </remarks>
/// <param name="Sources">The files.</param>
internal sealed record SourceGroup(EquatableArray<EmittedSource> Sources)
{
    private const int Count = 64;

    /// <summary>The files of a project in their groups; as many groups for each project, some of them empty.</summary>
    internal static IEnumerable<SourceGroup> Of(IEnumerable<EmittedSource> sources)
    {
        ILookup<int, EmittedSource> groups = sources.ToLookup(source => GroupOf(source.HintName));
        return Enumerable.Range(0, Count).Select(group => new SourceGroup(EquatableArray.From(groups[group])));
    }

    // The same in every process, unlike a string's own hash.
    private static int GroupOf(string name)
    {
        uint hash = 2166136261;
        foreach (char letter in name)
        {
            hash = unchecked((hash ^ letter) * 16777619);
        }

        return (int)(hash % Count);
    }
}
