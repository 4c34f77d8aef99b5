using HvBindgen.Cli.Printing;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Devices;

namespace HvBindgen.Cli.Examining;

/// <summary>Asks the driver of the Microsoft hypervisor what it can do. A machine without one is no fault.</summary>
internal static class MshvExamination
{
    private const string Subject = "/dev/mshv";

    /// <summary>Opens the device and probes it.</summary>
    /// <param name="options">How to open it; null for the device and nothing in its place.</param>
    internal static IReadOnlyList<ReportRow> Run(MshvDeviceOptions? options = null)
    {
        try
        {
            using MshvDevice device = MshvDevice.Open(options ?? new MshvDeviceOptions { Backend = MshvBackend.Device });
            return Describe(device.Probe());
        }
        catch (HypervisorException refused)
        {
            return [new ReportRow(RowState.Optional, Subject, refused.Message)];
        }
        catch (PlatformNotSupportedException refused)
        {
            return [new ReportRow(RowState.Optional, Subject, refused.Message)];
        }
    }

    private static List<ReportRow> Describe(MshvCapabilities found)
    {
        List<ReportRow> rows = [new ReportRow(RowState.Found, Subject, found.IsFallback ? "emulated" : "opened")];
        rows.Add(found.PartitionFailure is { } failure
            ? new ReportRow(RowState.Optional, "partitions", failure.Message)
            : new ReportRow(
                RowState.Found,
                "partitions",
                found.CreatesPartitionsWithFeatures == true
                    ? "created, processor features can be chosen"
                    : "created, with all processor features (before Linux 6.19)"));
        rows.Add(Summary(
            "requests", found.Requests.Select(request => ($"{request.Name} on {Word(request.Descriptor)}", request.Answers))));
        rows.Add(Summary(
            "hypercalls", found.Hypercalls.Select(call => ($"{call.Name} on {Word(call.Descriptor)}", call.IsPassedOn))));
        return rows;
    }

    // Names only what does not answer: the rest is as it should be.
    private static ReportRow Summary(string subject, IEnumerable<(string Name, bool? Answers)> asked)
    {
        (string Name, bool? Answers)[] all = [.. asked];
        string[] silent = [.. all.Where(one => one.Answers == false).Select(one => one.Name)];
        string detail = $"{all.Count(one => one.Answers == true)} of {all.Count(one => one.Answers is not null)} answer";
        return silent.Length == 0
            ? new ReportRow(RowState.Found, subject, detail)
            : new ReportRow(RowState.Optional, subject, detail + "; not " + string.Join(", ", silent));
    }

    private static string Word(DescriptorKind kind) => kind switch
    {
        DescriptorKind.Device => "the device",
        DescriptorKind.Partition => "a partition",
        DescriptorKind.Vp => "a processor",
        _ => $"a {kind} descriptor",
    };
}
