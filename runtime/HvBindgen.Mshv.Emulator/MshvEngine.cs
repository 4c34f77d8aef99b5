namespace HvBindgen.Mshv.Emulator;

/// <summary>What executes the guests of an emulated device.</summary>
public enum MshvEngine
{
    /// <summary><c>/dev/kvm</c>, and software where it cannot be used. Which of them it is not is said once.</summary>
    Auto,

    /// <summary><c>/dev/kvm</c> only.</summary>
    Kvm,

    /// <summary>Software only: slower, and the same on every host.</summary>
    Software,
}
