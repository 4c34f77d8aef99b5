using System.Net;
using System.Text;
using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Reports;

/// <summary>The report as one self-contained page: causes that unfold, and both layouts of each changed record side by side.</summary>
public static class HtmlReport
{
    /// <summary>Most changes, and most layouts, of each set that the page shows: what a browser still opens.</summary>
    public const int MaximumEntries = 2_000;

    private const string Style = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
        body { color: #1b1f24; background: #fff; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } code { font: 13px ui-monospace, monospace; }
        table { border-collapse: collapse; margin: .5rem 0; } td, th { padding: .2rem .6rem; border: 1px solid #d0d7de; text-align: left; }
        td.place { text-align: right; color: #57606a; } tr.changed td { background: #fff8c5; }
        .verdict { border-radius: .6rem; padding: .05rem .5rem; font-size: 13px; white-space: nowrap; }
        .break { background: #cf222e; color: #fff; } .source-break { background: #bc4c00; color: #fff; }
        .conditional { background: #d4a72c; } .additive { background: #aceebb; } .none { background: #eaeef2; }
        details { margin: .4rem 0; } details > div { margin-left: 1.2rem; } .quiet { color: #57606a; }
        @media (prefers-color-scheme: dark) {
          body { color: #e6edf3; background: #0d1117; } td, th { border-color: #30363d; } tr.changed td { background: #3b3200; }
          .quiet, td.place { color: #8d96a0; } .conditional, .additive, .none { color: #1b1f24; } }
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="comparison">The answer.</param>
    /// <returns>HTML that refers to nothing outside itself.</returns>
    public static string Write(AbiComparison comparison)
    {
        StringBuilder html = new();
        ReportHead head = new(comparison);
        string what = comparison.Sets is [var only] ? $" of {only.Set}" : "";
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.Append($"<title>ABI{Escape(what)}: {Escape(head.Word)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n");
        if (comparison.Sides is var (before, after))
        {
            html.Append($"<p class=\"quiet\">before <code>{Escape(before.ToString())}</code><br>");
            html.Append($"after <code>{Escape(after.ToString())}</code></p>\n");
        }

        html.Append(head.IsOne ? "" : $"<p>{Badge(comparison.Verdict)} {Escape(head.Word)}: {Escape(head.Counts())}</p>\n");
        WriteNotes(html, comparison);
        foreach (AbiDiff diff in head.IsOne ? comparison.Sets : head.Changed)
        {
            WriteSet(html, comparison, diff);
            WriteNews(html, [.. comparison.News.Where(finding => finding.Set == diff.Set)]);
        }

        if (comparison.Suggestion is { } suggestion)
        {
            html.Append($"<h2>{Escape(ReportText.NextVersion(suggestion))}</h2>\n<pre>{Escape(suggestion.ChangelogEntry)}</pre>\n");
        }

        return html.Append("</body>\n</html>\n").ToString();
    }

    // What differs in the rules, and what is not known, before what is.
    private static void WriteNotes(StringBuilder html, AbiComparison comparison)
    {
        foreach (string change in comparison.RuleChanges)
        {
            html.Append($"<p>{Badge(Verdict.Conditional)} rules: {Escape(change)}</p>\n");
        }

        foreach (Unjudged left in comparison.Unjudged)
        {
            html.Append($"<p><strong>not judged</strong> <code>{Escape(ReportText.NameOf(left))}</code>: {Escape(left.Reason)}</p>\n");
        }

        foreach (string lost in comparison.Lost)
        {
            html.Append($"<p><strong>lost</strong> {Escape(lost)}</p>\n");
        }

        foreach (string note in comparison.Notes)
        {
            html.Append($"<p>{Escape(note)}</p>\n");
        }
    }

    private static void WriteSet(StringBuilder html, AbiComparison comparison, AbiDiff diff)
    {
        html.Append($"<h1>ABI of {Escape(diff.Set)} {Badge(diff.Verdict)}</h1>\n<p>{Escape(ReportText.Summary(diff))}</p>\n");
        html.Append("<table>\n<tr><th>Target</th><th>Verdict</th></tr>\n");
        foreach (string target in diff.Targets)
        {
            html.Append($"<tr><td>{Escape(target)}</td><td>{Badge(diff.VerdictOn(target))}</td></tr>\n");
        }

        html.Append("</table>\n");
        WriteChanges(html, comparison, diff, "Changes", diff.Changes);
        WriteChanges(html, comparison, diff, "Accepted", diff.Suppressed);
        html.Append(diff.Layouts.Count > 0 ? "<h2>Layouts</h2>\n" : "");
        WriteLimit(html, "layouts", diff.Layouts.Count);
        foreach (LayoutChange layout in diff.Layouts.AsSpan()[..Math.Min(diff.Layouts.Count, MaximumEntries)])
        {
            WriteLayout(html, diff, layout);
        }
    }

    private static void WriteChanges(
        StringBuilder html, AbiComparison comparison, AbiDiff diff, string title, EquatableArray<AbiChange> changes)
    {
        html.Append(changes.Count > 0 ? $"<h2>{title}</h2>\n" : "");
        WriteLimit(html, "changes", changes.Count);
        foreach (AbiChange change in changes.AsSpan()[..Math.Min(changes.Count, MaximumEntries)])
        {
            WriteChange(html, comparison, diff, change, isCause: true);
        }
    }

    private static void WriteNews(StringBuilder html, NewFinding[] news)
    {
        html.Append(news.Length > 0 ? "<h2>New declarations</h2>\n" : "");
        WriteLimit(html, "findings", news.Length);
        foreach (NewFinding finding in news.Take(MaximumEntries))
        {
            html.Append($"<details><summary>{finding.Severity} <code>{Escape(finding.Symbol)}</code> {Escape(finding.Title)} ");
            html.Append($"<span class=\"quiet\">{finding.Rule}</span></summary>\n<div>\n");
            html.Append($"<p>{Escape(finding.Message)}</p>\n<p class=\"quiet\">{Escape(finding.Location.ToString())}</p>\n");
            html.Append($"<p>{Escape(finding.Explanation)} {Escape(finding.Remedy)}</p>\n</div></details>\n");
        }
    }

    private static void WriteLimit(StringBuilder html, string what, int count) => html.Append(
        count > MaximumEntries
            ? $"<p class=\"quiet\">{count} {what}, of which the first {MaximumEntries} are here; the JSON report has all of them.</p>\n"
            : "");

    private static void WriteChange(StringBuilder html, AbiComparison comparison, AbiDiff diff, AbiChange change, bool isCause)
    {
        string only = ReportText.OnlyOn(diff, change);
        html.Append(
            $"<details{(isCause && change.Verdict == Verdict.Break ? " open" : "")}>"
                + $"<summary>{Badge(isCause ? change.Verdict : change.Judgement.Level)} ");
        html.Append($"<code>{Escape(change.Symbol)}</code> {Escape(change.Rule.Title)}");
        html.Append(
            $"{(only.Length > 0 ? $" <strong>{Escape(only)}</strong>" : "")} <span "
                + $"class=\"quiet\">{change.Rule.Id}</span></summary>\n<div>\n");
        html.Append($"<p><code>{Escape(ReportText.Transition(change))}</code></p>\n");
        if (change.Judgement.Condition.Length > 0)
        {
            html.Append($"<p>Safe if {Escape(change.Judgement.Condition)}.</p>\n");
        }

        if (isCause)
        {
            html.Append($"<p class=\"quiet\">{Escape(ReportText.Directions(change))}; {Escape(ReportText.Place(change))}</p>\n");
            html.Append($"<p>{Escape(change.Rule.Explanation)} {Escape(change.Rule.Remedy)}</p>\n");
            if (change.Reach.Count > 0)
            {
                html.Append($"<p class=\"quiet\">{Escape(ReportText.Join(change.Reach))}</p>\n");
            }

            html.Append(
                change.AlsoIn.Count > 0 ? $"<p class=\"quiet\">also in {Escape(ReportText.Some(change.AlsoIn))}</p>\n" : "");
        }

        if (comparison.ShowsEvidence)
        {
            html.Append($"<p class=\"quiet\">{Escape(ReportText.Evidence(comparison, change))}</p>\n");
        }

        WriteLimit(html, "consequences", change.Consequences.Count);
        foreach (AbiChange consequence in change.Consequences.AsSpan()[..Math.Min(change.Consequences.Count, MaximumEntries)])
        {
            WriteChange(html, comparison, diff, consequence, isCause: false);
        }

        html.Append("</div></details>\n");
    }

    private static void WriteLayout(StringBuilder html, AbiDiff diff, LayoutChange layout)
    {
        string only = layout.Targets.Count < diff.Targets.Count ? $" on {ReportText.Join(layout.Targets)}" : "";
        html.Append($"<h3><code>{Escape(layout.Name)}</code>{Escape(only)}</h3>\n<table>\n<tr><th>byte</th>");
        html.Append($"<th>before, {layout.Before.SizeBytes} bytes</th><th>after, {layout.After.SizeBytes} bytes</th></tr>\n");
        foreach (FieldMapRow row in FieldMap.Shortened(layout))
        {
            if (row.Hidden > 0)
            {
                html.Append($"<tr><td class=\"place\">...</td><td colspan=\"2\">{row.Hidden} more that are the same</td></tr>\n");
                continue;
            }

            html.Append($"<tr{(row.IsSame ? "" : " class=\"changed\"")}><td class=\"place\">{row.Place}</td>");
            html.Append($"<td><code>{Escape(row.Before)}</code></td><td><code>{Escape(row.After)}</code></td></tr>\n");
        }

        html.Append("</table>\n");
    }

    private static string Badge(Verdict verdict) => $"<span class=\"verdict {verdict.ToText()}\">{verdict.ToText()}</span>";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
