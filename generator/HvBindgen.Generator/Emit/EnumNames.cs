namespace HvBindgen.Generator.Emit;

/// <summary>The C# names of an enum's enumerators.</summary>
internal sealed class EnumNames(Dictionary<string, string> names, Dictionary<string, string> notes)
{
    /// <summary>Name of an enumerator.</summary>
    internal string Of(string enumerator) => names[enumerator];

    /// <summary>What its documentation says if it could not keep its name.</summary>
    internal string NoteOf(string enumerator) => notes.GetValueOrDefault(enumerator, "");
}
