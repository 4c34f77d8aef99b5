using HvBindgen.Cli.Printing;
using HvBindgen.Cli.Running;
using HvBindgen.Generator.Clang;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Headers;
using HvBindgen.Generator.Model;
using HvBindgen.Generator.Parsing;
using HvBindgen.Generator.Verification;

namespace HvBindgen.Cli.Examining;

/// <summary>Looks at everything the tool uses. A finding never stops the examination.</summary>
internal sealed class Examination(CommandContext context)
{
    private readonly List<ReportRow> rows = [];

    /// <summary>Examines the machine.</summary>
    internal IReadOnlyList<ReportRow> Run()
    {
        BindingConfiguration? configuration = ExamineConfiguration();
        ExamineLibClang();
        if (configuration is not null)
        {
            ExamineTree(configuration);
            ExamineSets(configuration);
        }

        rows.Add(FreestandingHeaders.Exist
            ? new ReportRow(RowState.Found, "stddef.h and the like", $"{FreestandingHeaders.Folder}: the tool's own, for all sets")
            : new ReportRow(RowState.Missing, "stddef.h and the like", $"{FreestandingHeaders.Folder} is missing: install the tool again"));

        IEnumerable<TargetInfo> targets = configuration?.Sets.SelectMany(set => set.Targets).Distinct() ?? [TargetInfo.Known[0]];
        foreach (TargetInfo target in targets)
        {
            ExamineCompilers(target);
        }

        rows.AddRange(MshvExamination.Run());
        rows.Add(DeviceAccess.Examine("/dev/kvm", "needs virtualization enabled in the firmware and the module kvm_intel or kvm_amd"));
        return rows;
    }

    private BindingConfiguration? ExamineConfiguration()
    {
        try
        {
            BindingConfiguration configuration = context.ReadConfiguration();
            rows.Add(new ReportRow(
                RowState.Found, "configuration", $"{configuration.Path}: {string.Join(", ", configuration.Sets.Select(set => set.Name))}"));
            return configuration;
        }
        catch (ConfigurationException fault)
        {
            rows.Add(new ReportRow(RowState.Missing, "configuration", $"{fault.Message}\n{fault.Remedy}"));
            return null;
        }
    }

    private void ExamineLibClang()
    {
        try
        {
            LoadedLibClang library = LibClangLocator.Load(context.LibClang);
            string untested = library.IsUntested ? "; newer than any that was tested" : "";
            rows.Add(new ReportRow(RowState.Found, "libclang", $"{library.Library}: {library.VersionText}{untested}"));
        }
        catch (LibClangNotFoundException fault)
        {
            rows.Add(new ReportRow(RowState.Missing, "libclang", fault.Message));
        }
    }

    private void ExamineTree(BindingConfiguration configuration)
    {
        // A configuration for headers from elsewhere has no lock and downloads nothing.
        if (!File.Exists(configuration.LockPath))
        {
            rows.Add(
                new ReportRow(
                    RowState.Note, "header lock", $"{CommandContext.Shorten(configuration.LockPath)}: none, so nothing is downloaded"));
            return;
        }

        try
        {
            HeaderLock locked = HeaderLock.Read(configuration.LockPath);
            HeaderTreeStatus status = new HeaderTree(configuration.TreePath).Status(locked);
            string folder = CommandContext.Shorten(configuration.TreePath);
            rows.Add(status switch
            {
                { Origin: null } => new(RowState.Missing, "header folder", $"{folder}: nothing fetched; run: hvbindgen headers sync"),
                { IsUsable: false } => new(RowState.Missing, "header folder", $"{folder}: not as locked; see: hvbindgen headers status"),
                _ =>
                    new(
                        RowState.Found,
                        "header folder",
                        $"{folder}: Linux {locked.KernelVersion}, {locked.Files.Count()} pinned headers as locked"),
            });
        }
        catch (HeaderSyncException fault)
        {
            rows.Add(new ReportRow(RowState.Missing, "header lock", $"{fault.Message}\n{fault.Remedy}"));
        }
    }

    private void ExamineSets(BindingConfiguration configuration)
    {
        foreach (BindingSet set in configuration.Sets)
        {
            try
            {
                HeaderInputs.Require(configuration, [set], set.Targets);
                rows.Add(new ReportRow(RowState.Found, $"headers of {set.Name}", string.Join(", ", set.Headers)));
            }
            catch (HeadersMissingException fault)
            {
                rows.Add(new ReportRow(RowState.Missing, $"headers of {set.Name}", $"{fault.Message}\n{fault.Remedy}"));
            }
            catch (HeaderSyncException)
            {
                // The lock cannot be read: told above.
            }
        }
    }

    private void ExamineCompilers(TargetInfo target)
    {
        IReadOnlyList<Compiler> compilers = CompilerFinder.Find(target);
        rows.Add(compilers.Count > 0
            ? new ReportRow(
                RowState.Found,
                $"compilers, {target.Name}",
                string.Join('\n', compilers.Select(compiler => $"{compiler.Name}: {compiler.VersionText}")))
            : new ReportRow(
                RowState.Optional, $"compilers, {target.Name}", $"none, so verify cannot ask. {CompilerChoice.HowToGet(target)}"));
    }
}
