using System.Text.Json;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The whole result as JSON; <c>headers/abi-diff.schema.json</c> describes it.</summary>
public static class JsonReport
{
    /// <summary>Version of the format; it rises with every incompatible change.</summary>
    public const int Schema = 1;

    /// <summary>Writes the report.</summary>
    /// <param name="comparison">The answer.</param>
    /// <returns>JSON ending in a line feed.</returns>
    public static string Write(AbiComparison comparison) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("schema", Schema);
        json.WriteString("verdict", comparison.Verdict.ToText());
        json.WriteStrings("notes", comparison.Notes);
        if (comparison.Suggestion is { } suggestion)
        {
            json.WriteStartObject("suggestion");
            json.WriteString("version", suggestion.Next.ToString());
            json.WriteString("step", suggestion.Step.ToString().ToLowerInvariant());
            json.WriteString("changelog", suggestion.ChangelogEntry);
            json.WriteEndObject();
        }

        json.WriteStartArray("sets");
        foreach (AbiDiff diff in comparison.Sets)
        {
            WriteSet(json, diff);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteSet(Utf8JsonWriter json, AbiDiff diff)
    {
        json.WriteStartObject();
        json.WriteString("set", diff.Set);
        json.WriteString("verdict", diff.Verdict.ToText());
        json.WriteStartObject("targets");
        foreach (string target in diff.Targets)
        {
            json.WriteString(target, diff.VerdictOn(target).ToText());
        }

        json.WriteEndObject();
        WriteChanges(json, "changes", diff.Changes);
        WriteChanges(json, "suppressed", diff.Suppressed);
        json.WriteStartArray("layouts");
        foreach (LayoutChange layout in diff.Layouts)
        {
            WriteLayout(json, layout);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteChanges(Utf8JsonWriter json, string name, EquatableArray<AbiChange> changes)
    {
        json.WriteStartArray(name);
        foreach (AbiChange change in changes)
        {
            WriteChange(json, change);
        }

        json.WriteEndArray();
    }

    private static void WriteChange(Utf8JsonWriter json, AbiChange change)
    {
        json.WriteStartObject();
        json.WriteString("rule", change.Rule.Id);
        json.WriteString("title", change.Rule.Title);
        json.WriteString("symbol", change.Symbol);
        json.WriteString("verdict", change.Verdict.ToText());
        json.WriteString("own_verdict", change.Judgement.Level.ToText());
        json.WriteString("old_program_on_new_kernel", change.Judgement.OldProgram.ToText());
        json.WriteString("new_program_on_old_kernel", change.Judgement.NewProgram.ToText());
        json.WriteBoolean("csharp_source_breaks", change.Judgement.CSharp.HasFlag(CSharpEffects.Source));
        json.WriteBoolean("csharp_binary_breaks", change.Judgement.CSharp.HasFlag(CSharpEffects.Binary));
        json.WriteString("condition", change.Judgement.Condition);
        json.WriteString("before", change.Before);
        json.WriteString("after", change.After);
        json.WriteString("header", change.Location.Header);
        json.WriteNumber("line", change.Location.Line);
        json.WriteStrings("targets", change.Targets);
        json.WriteStrings("reach", change.Reach);
        WriteChanges(json, "consequences", change.Consequences);
        json.WriteEndObject();
    }

    private static void WriteLayout(Utf8JsonWriter json, LayoutChange layout)
    {
        json.WriteStartObject();
        json.WriteString("record", layout.Name);
        json.WriteStrings("targets", layout.Targets);
        json.WriteNumber("size_bytes_before", layout.Before.SizeBytes);
        json.WriteNumber("size_bytes_after", layout.After.SizeBytes);
        json.WriteStartArray("rows");
        foreach (FieldMapRow row in FieldMap.Of(layout))
        {
            json.WriteStartObject();
            json.WriteNumber("offset_bits", row.StartBits);
            json.WriteString("before", row.Before);
            json.WriteString("after", row.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
