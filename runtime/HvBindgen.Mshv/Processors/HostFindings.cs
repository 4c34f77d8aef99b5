namespace HvBindgen.Mshv.Processors;

/// <summary>What is found out about a host only when a processor is created there; one for each device that was opened.</summary>
internal sealed class HostFindings
{
    /// <summary>Whether processors have a register page; null until one has been created.</summary>
    internal bool? HasRegisterPage { get; set; }
}
